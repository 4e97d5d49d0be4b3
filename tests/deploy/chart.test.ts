import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { chart, everything, least, missingForChart, type Rendered, render, run } from './support/helm.ts';
import { missingSchemas, schemaProblem } from './support/kubernetes-schemas.ts';

const missing = missingForChart();
if (missing !== undefined) console.warn(`SKIPPED tests/deploy/chart.test.ts: ${missing}.`);
const noSchemas = missingSchemas();
if (noSchemas !== undefined) console.warn(`SKIPPED tests/deploy/chart.test.ts, schemas: ${noSchemas}.`);

const inPods = { backend: 'pod', podNamespace: 'ops-steps' };
const shapes = {
  'the least': least,
  everything,
  'its own pods as a sandbox': { ...least, sandbox: inPods },
  'scaled by processor': { ...least, worker: { autoscaling: { enabled: true } } },
  'rights to read, everywhere': { ...least, clusterAccess: { rights: 'read' } },
  'migrations at the start, nothing around it': {
    ...least,
    ...{
      migrations: { enabled: false },
      networkPolicy: { enabled: false },
      podDisruptionBudget: { enabled: false },
    },
  },
};
const behindSentinels = {
  ...least,
  config: { ...least.config, redis: { sentinels: ['a:26379'], master: 'main', tls: true } },
  secrets: { redis: { name: '' }, redisPassword: { name: 'redis-password' }, redisCa: { name: 'redis-ca' } },
};
/** Kinds that Kubernetes has only where somebody installed them. */
const added = ['ServiceMonitor', 'PrometheusRule'];

describe.skipIf(missing !== undefined)('the chart', () => {
  test.each(Object.entries(shapes))(
    'with %s passes helm lint and renders the kinds it should',
    async (_, values) => {
      expect(await run('helm', ['lint', chart, '--strict', '--values', '-'], {}, values)).toContain(
        '0 chart(s) failed',
      );
      const objects = await render(values);
      expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toMatchSnapshot();
      for (const { metadata } of objects) {
        expect(metadata.labels['app.kubernetes.io/instance']).toBe('reign');
        expect(metadata.name.length).toBeLessThanOrEqual(63);
      }
    },
  );

  test.skipIf(noSchemas !== undefined).each(Object.entries(shapes))(
    'with %s makes objects that fit the schemas of Kubernetes and KEDA',
    async (_, values) => {
      const known = (await render(values)).filter(({ kind }) => !added.includes(kind));
      const problems = await Promise.all(known.map(schemaProblem));
      expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
    },
  );

  test.skipIf(noSchemas !== undefined)('the schemas would have said so', async () => {
    const broken = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x' },
      spec: { replicas: 'two' },
    };
    expect(await schemaProblem(broken)).toContain('Deployment x: ');
  });

  test("gives the pods of steps the workers' own Secret for their registry", async () => {
    const image = { ...least.image, pullSecrets: [{ name: 'registry' }] };
    const sandbox = { backend: 'pod', podNamespace: 'reign-steps' };
    const worker = podsOf(await render({ ...least, image, sandbox })).find(({ name }) =>
      name.endsWith('-worker'),
    );
    expect(worker?.spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
    expect(worker?.spec.containers[0].env).toContainEqual({
      name: 'REIGN_SANDBOX_POD_PULL_SECRET',
      value: 'registry',
    });
  });

  test.each(Object.entries(shapes))(
    'with %s keeps every pod to the restricted pod security',
    async (_, values) => {
      const backend = (values as { sandbox?: { backend: string } }).sandbox?.backend ?? 'bubblewrap';
      for (const { name, spec } of podsOf(await render(values))) {
        const isWorker = name.endsWith('-worker') || name.endsWith('-doctor');
        expect(spec.securityContext).toEqual({
          ...{ runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 10_001, fsGroup: 10_001 },
          seccompProfile: { type: 'RuntimeDefault' },
        });
        const { procMount, seccompProfile, appArmorProfile, ...rest } = spec.containers[0].securityContext;
        expect(rest).toEqual({
          ...{
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        });
        // What bubblewrap needs, and nothing else, where it is what keeps steps apart.
        const needed = isWorker && backend === 'bubblewrap';
        expect([procMount, seccompProfile?.type, appArmorProfile?.type, spec.hostUsers]).toEqual(
          needed
            ? ['Unmasked', 'Unconfined', 'Unconfined', false]
            : [undefined, undefined, undefined, undefined],
        );
        for (const host of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec[host]).toBeUndefined();
        expect(spec.volumes.filter((volume: Rendered) => volume.hostPath)).toEqual([]);
      }
    },
  );

  test('gives each pod the secrets that it needs and no others', async () => {
    const used = Object.fromEntries(
      podsOf(await render(everything)).map(({ name, spec }) => [name, secretsOf(spec)]),
    );
    const both = ['database-ca', 'redis-ca', 'reign-gateway-public-key', 'reign-master-key', 'reign-redis'];
    expect(used).toEqual({
      'reign-gateway': [...both, 'reign-chat', 'reign-gateway-database', 'reign-gateway-key'].sort(),
      'reign-worker': [...both, 'clusters', 'reign-tokens', 'reign-worker-database'].sort(),
      'reign-doctor': [...both, 'clusters', 'reign-tokens', 'reign-worker-database'].sort(),
      'reign-migrate': ['database-ca', 'reign-owner-database'],
    });
  });

  test('lets nothing pass by default, and has a policy for each pod', async () => {
    const objects = await render(everything);
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
    const deny = policies.find(({ ingress, egress }) => ingress === undefined && egress === undefined);
    expect(deny.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const { name, labels } of podsOf(objects)) {
      const own = policies.filter(({ podSelector }) => selects(podSelector, labels));
      expect(own, name).toContain(deny);
      expect(own, name).toHaveLength(2);
    }
    const bare = (await render(least)).filter(({ kind }) => kind === 'NetworkPolicy');
    expect(bare.flatMap(({ spec }) => spec.ingress ?? [])).toEqual([]);
  });

  test('keeps the pods of steps, and the right to make them, out of the namespace with the secrets', async () => {
    const objects = await render({ ...least, sandbox: inPods });
    const steps = objects.filter(({ metadata }) => metadata.name === 'reign-steps');
    expect(steps.map(({ kind, metadata }) => `${metadata.namespace} ${kind}`).sort()).toEqual([
      'ops-steps NetworkPolicy',
      'ops-steps Role',
      'ops-steps RoleBinding',
    ]);
    expect(objects.filter(({ kind, rules }) => /Role$/.test(kind) && rules !== undefined)).toHaveLength(1);
    const policyOf = (name: string) =>
      objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name).spec;
    const within = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
    const ports = [{ protocol: 'TCP', port: 7374 }];
    expect(policyOf('reign-steps')).toMatchObject({
      podSelector: {},
      egress: [{ to: [{ namespaceSelector: within('ops') }], ports }],
    });
    expect(policyOf('reign-worker').ingress).toMatchObject([
      { from: [{ namespaceSelector: within('ops-steps') }], ports },
    ]);
    const [worker] = podsOf(objects).filter(({ name }) => name === 'reign-worker');
    const env = worker?.spec.containers[0].env;
    expect(env).toContainEqual({ name: 'REIGN_SANDBOX_POD_NAMESPACE', value: 'ops-steps' });
    expect(env).toContainEqual({
      name: 'REIGN_SANDBOX_POD_ADDRESS',
      valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
    });
  });

  test('probes, drains and spreads what runs on', async () => {
    for (const { spec } of (await render(everything)).filter(({ kind }) => kind === 'Deployment')) {
      const [container] = spec.template.spec.containers;
      expect(container.livenessProbe.exec.command).toEqual(['reign', 'health', '--live']);
      expect(container.readinessProbe.exec.command).toEqual(['reign', 'health']);
      expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(40);
      expect(spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    }
  });

  test('reaches beyond loopback only with an ingress, which names exactly what was asked for', async () => {
    const hostOf = (objects: Rendered[]) =>
      podsOf(objects)[0]?.spec.containers[0].env.find(({ name }: Rendered) => name === 'REIGN_SERVER_HOST')
        .value;
    expect(hostOf(await render(least))).toBe('127.0.0.1');
    const objects = await render(everything);
    expect(hostOf(objects)).toBe('0.0.0.0');
    const [ingress] = objects.filter(({ kind }) => kind === 'Ingress');
    const paths = ingress.spec.rules[0].http.paths.map(
      ({ path, pathType }: Rendered) => `${pathType} ${path}`,
    );
    expect(paths).toEqual(['Prefix /', 'Exact /alerts', 'Exact /api/messages', 'Exact /slack/events']);
  });

  test('binds the account of the workers to what the enabled operations need, and the gateway to nothing', async () => {
    const rights = async (clusterAccess: object) => {
      const objects = await render({ ...least, clusterAccess });
      const rulesOf = (part: string): Rendered[] =>
        objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === `ops-reign-${part}`)
          ?.rules ?? [];
      const bindings = objects.filter(({ kind }) => kind.endsWith('RoleBinding'));
      const subjects = bindings.flatMap((binding) => binding.subjects);
      expect(
        subjects.filter(({ name, namespace }) => name !== 'reign-worker' || namespace !== 'ops'),
      ).toEqual([]);
      const bound = bindings.map(
        ({ kind, metadata, roleRef }) => `${kind} ${metadata.namespace ?? '*'} ${roleRef.name}`,
      );
      return { read: rulesOf('read'), write: rulesOf('write'), bound: bound.sort() };
    };
    const verbs = (rules: Rendered[]) => [...new Set(rules.flatMap((rule) => rule.verbs))].sort();
    expect(await rights({ rights: 'none' })).toEqual({ read: [], write: [], bound: [] });

    const looking = await rights({ rights: 'read' });
    expect(verbs(looking.read)).toEqual(['get', 'list']);
    expect(looking.read.flatMap(({ resources }) => resources)).not.toContain('secrets');
    expect(looking.bound).toEqual([
      'ClusterRoleBinding * ops-reign-identity',
      'ClusterRoleBinding * ops-reign-read',
    ]);

    const scaling = await rights({ rights: 'write', namespaces: ['shop'], operations: ['kubernetes.scale'] });
    expect(scaling.write).toEqual([
      { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'statefulsets'], verbs: ['patch'] },
    ]);
    expect(scaling.bound).toEqual([
      'ClusterRoleBinding * ops-reign-identity',
      'RoleBinding shop ops-reign-read',
      'RoleBinding shop ops-reign-write',
    ]);

    const helm = await rights({ rights: 'write', ownNamespace: true, operations: ['helm.upgrade'] });
    expect(helm.read.flatMap(({ resources }) => resources)).toContain('secrets');
  });

  test.each([
    ['the least', least],
    ['everything', everything],
    ['Redis behind Sentinels', behindSentinels],
    ['its own pods as a sandbox', { ...least, sandbox: inPods }],
  ])('with %s gives each process a configuration that it takes', async (_, values) => {
    const objects = await render(values);
    const [config] = objects.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'reign',
    );
    const folder = mkdtempSync(path.join(os.tmpdir(), 'reign-chart-'));
    for (const [name, text] of Object.entries<string>(config.data))
      writeFileSync(path.join(folder, name), text);
    for (const { name, spec } of podsOf(objects)) {
      const given = spec.containers[0].env.map(({ name, value }: Rendered) => [name, value ?? givenTo(name)]);
      const cwd = name === 'reign-migrate' ? path.join(folder, 'none') : folder;
      const read = loadConfig({ cwd, env: Object.fromEntries(given) });
      expect(read.warnings, name).toEqual([]);
      expect(read.mode).toBe(name === 'reign-migrate' ? 'demo' : 'configured');
      if (name !== 'reign-migrate')
        expect(read).toMatchObject({ migrations: 'job', telemetry: { logs: 'stderr' } });
    }
    rmSync(folder, { recursive: true });
  });

  test('replaces gateways one by one, unless only one may hold the anchor', async () => {
    const gatewayOf = async (gateway: object) =>
      (await render({ ...least, gateway })).find(({ kind }) => kind === 'Deployment').spec;
    expect(await gatewayOf({})).toMatchObject({
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    const anchored = await gatewayOf({ replicas: 1, anchorClaim: 'anchor' });
    expect(anchored).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('says what the next step is', async () => {
    const notes = await run(
      'helm',
      ['install', 'reign', chart, '--dry-run=client', '--values', '-'],
      {},
      least,
    );
    expect(notes).toContain('helm test reign');
    expect(notes).toContain('port-forward deployment/reign-gateway');
    expect(notes).toContain('WARNING: gateway.anchorClaim is empty');
  });
});

const ownNamespace =
  "clusterAccess gives workers rights in ops, the release's own namespace, by which one that was taken over can read the gateway's key";

/** Wrong values, each with words of its error. */
const wrong: [string, object, string | RegExp][] = [
  ['no image', { image: {} }, 'image.repository is empty: build the image (docs/install.md)'],
  ['neither tag nor digest', { image: { repository: 'r/reign' } }, 'image: give a tag, or better the digest'],
  ['a digest that is none', { image: { ...least.image, digest: 'sha256:1' } }, "at '/image/digest'"],
  [
    'no people',
    { config: { ...least.config, people: [] } },
    'config.people is missing: config is your reign.yaml',
  ],
  ['no environments', { config: { people: least.config.people } }, 'config.environments is missing'],
  [
    'the database in config',
    { config: { ...least.config, database: { url: 'postgres://a:b@c/d' } } },
    'config.database.url holds a password where everybody can read it: keep the address in a Secret and name that in secrets.ownerDatabase',
  ],
  [
    'a login in config',
    { config: { ...least.config, worker: { database: { url: 'postgres://a:b@c/d' } } } },
    'name that in secrets.workerDatabase',
  ],
  [
    'Redis in config',
    { config: { ...least.config, redis: { url: 'redis://:b@c' } } },
    'name that in secrets.redis',
  ],
  [
    'a token among the variables',
    { gateway: { env: { SLACK_BOT_TOKEN: 'xoxb-1' } } },
    'gateway.env.SLACK_BOT_TOKEN looks like a secret: keep it in a Secret and name that in secrets.gatewayVariables',
  ],
  ['no name of a secret', { secrets: { redis: { name: '' } } }, 'secrets.redis.name is empty'],
  ['no master key', { secrets: { masterKey: { name: '' } } }, 'or configure vault.masterKey'],
  [
    'a value instead of a secret',
    { secrets: { redis: 'redis://:b@c' } },
    "at '/secrets/redis': got string, want object",
  ],
  ['a second reign.yaml', { files: { 'reign.yaml': 'x' } }, 'files may not hold reign.yaml'],
  ['a file in a folder', { files: { 'a/b': 'x' } }, 'files: "a/b" is no name of a file'],
  [
    'two scalers',
    { worker: { autoscaling: { enabled: true }, keda: { enabled: true } } },
    'enable one of them',
  ],
  [
    'bounds the wrong way round',
    { worker: { autoscaling: { minReplicas: 20 } } },
    'worker.autoscaling.minReplicas (20) is above maxReplicas (10)',
  ],
  [
    'namespaces without rights',
    { clusterAccess: { namespaces: ['shop'] } },
    'clusterAccess.rights is none: set it to read or write',
  ],
  [
    'rights to nodes in a namespace',
    { clusterAccess: { rights: 'write', namespaces: ['shop'], operations: ['kubernetes.cordon'] } },
    'kubernetes.cordon changes what lies in no namespace',
  ],
  ['an annotation that is no text', { worker: { podAnnotations: { scrape: true } } }, 'want string'],
  ['rights to write everywhere', { clusterAccess: { rights: 'write' } }, ownNamespace],
  [
    'rights to write beside the gateway',
    { clusterAccess: { rights: 'write', namespaces: ['shop', 'ops'] } },
    ownNamespace,
  ],
  [
    'Secrets that are read everywhere',
    { clusterAccess: { rights: 'read', readSecrets: true } },
    ownNamespace,
  ],
  [
    'no namespace for the pods of steps',
    { sandbox: { backend: 'pod' } },
    'sandbox.podNamespace is empty: make a namespace',
  ],
  [
    'pods of steps beside the gateway',
    { sandbox: { backend: 'pod', podNamespace: 'ops' } },
    "sandbox.podNamespace is ops, the release's own namespace, where a step's Job could mount the gateway's key",
  ],
  [
    'unknown rights',
    { clusterAccess: { rights: 'admin' } },
    "at '/clusterAccess/rights': value must be one of 'none', 'read', 'write'",
  ],
  [
    'an unknown sandbox',
    { sandbox: { backend: 'chroot' } },
    "at '/sandbox/backend': value must be one of 'bubblewrap', 'pod'",
  ],
  ['an ingress for nobody', { ingress: { enabled: true } }, 'ingress.host is empty'],
  [
    'an ingress to nothing',
    { config: everything.config, ingress: { enabled: true, host: 'a.example', tlsSecret: 't', page: false } },
    'enable at least one of page, slack, teams and alerts',
  ],
  [
    'an ingress without TLS',
    { config: everything.config, ingress: { enabled: true, host: 'a.example' } },
    'ingress.tlsSecret is empty: sessions need https',
  ],
  [
    'an ingress without a sign-in',
    { ingress: { enabled: true, host: 'a.example', tlsSecret: 't' } },
    'who sign in by OpenID Connect: set config.oidc.issuer and config.oidc.clientId',
  ],
  ['a host that is an address', { ingress: { host: 'https://a.example' } }, "at '/ingress/host'"],
  [
    'a port that is none',
    { networkPolicy: { databasePorts: [70_000] } },
    "at '/networkPolicy/databasePorts/0': maximum: got 70,000, want 65,535",
  ],
  ['text for a number', { worker: { replicas: 'two' } }, "at '/worker/replicas': got string, want integer"],
  ['a misspelt key', { worker: { replica: 3 } }, "at '/worker': additional properties 'replica' not allowed"],
  ['a misspelt part', { ingres: {} }, "additional properties 'ingres' not allowed"],
  [
    'one anchor for two gateways',
    { gateway: { anchorClaim: 'anchor' } },
    'set gateway.replicas to 1, or name no claim',
  ],
  ['no gateway', { gateway: { replicas: 0 } }, "at '/gateway/replicas': minimum: got 0, want 1"],
];

describe.skipIf(missing !== undefined)('wrong values', () => {
  test.each(wrong)('%s', async (_, values, message) => {
    await expect(render({ ...least, ...values })).rejects.toThrow(message);
  });
});

function givenTo(variable: string): string {
  if (variable.endsWith('PASSWORD')) return 'secret';
  if (variable.endsWith('ADDRESS')) return '10.0.0.7';
  return variable.includes('REDIS') ? 'rediss://cache' : 'postgres://reign@db/reign';
}

function podsOf(objects: Rendered[]): { name: string; labels: Record<string, string>; spec: Rendered }[] {
  const order = ['gateway', 'worker', 'doctor', 'migrate'];
  const rank = (name: string) => order.findIndex((part) => name.endsWith(part));
  return objects
    .flatMap(({ kind, metadata, spec }) => {
      const pod =
        kind === 'Pod'
          ? { metadata, spec }
          : ['Deployment', 'Job'].includes(kind)
            ? spec.template
            : undefined;
      return pod === undefined ? [] : [{ name: metadata.name, labels: pod.metadata.labels, spec: pod.spec }];
    })
    .sort((a, b) => rank(a.name) - rank(b.name));
}

/** The Secrets that a pod can read, by mount or variable. */
function secretsOf({ containers, volumes }: Rendered): string[] {
  const [{ env, envFrom = [] }] = containers;
  const sources = volumes.flatMap((volume: Rendered) => [volume, ...(volume.projected?.sources ?? [])]);
  return [
    ...env.map(({ valueFrom }: Rendered) => valueFrom?.secretKeyRef.name),
    ...envFrom.map(({ secretRef }: Rendered) => secretRef.name),
    ...sources.map(({ secret }: Rendered) => secret?.secretName ?? secret?.name),
  ]
    .filter((name) => name !== undefined)
    .sort();
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Rendered,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }: Rendered) => values.includes(labels[key]))
  );
}
