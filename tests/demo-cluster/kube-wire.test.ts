import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoCluster } from '../../src/demo-cluster/index.ts';
import { type Api, apiOf, deployment, type Reply, startFast, temporaryFolder, until } from './support.ts';

/** Holds our answers against those recorded from a real API server (kube-wire/). */

const recordings = join(import.meta.dirname, 'kube-wire');
const { folder, remove } = temporaryFolder();
const deployments = '/apis/apps/v1/namespaces/wire/deployments';
const pods = '/api/v1/namespaces/wire/pods';
let cluster: DemoCluster;
let api: Api;
const compared = new Set<string>();

beforeAll(async () => {
  cluster = await startFast(folder);
  api = apiOf(cluster.url);
  await api('POST', '/api/v1/namespaces', { metadata: { name: 'wire' } });
  await api('POST', `${deployments}?fieldManager=kubectl-create`, {
    ...deployment('web', 'nginx:1'),
    metadata: { name: 'web', labels: { app: 'web' } },
  });
  await until(async () => (await api('GET', `${deployments}/web`)).body.status?.availableReplicas === 1);
});

afterAll(async () => {
  await cluster.close();
  remove();
});

describe('errors', () => {
  test('400: a patch that is not JSON', async () => {
    await same('400', await api('PATCH', `${deployments}/web`, '{bad', { 'content-type': merge }));
  });
  test('401: a wrong token', async () => {
    await same('401', await apiOf(cluster.url, 'wrong')('GET', pods));
  });
  test('403: a user without rights', async () => {
    const headers = { 'impersonate-user': 'system:serviceaccount:wire:bot' };
    await same('403', await api('GET', '/api/v1/namespaces/wire/secrets', undefined, headers));
  });
  test('anon403: no token', async () => {
    await same('anon403', await apiOf(cluster.url, '')('GET', pods));
  });
  test('404: no such object', async () => {
    await same('404', await api('GET', `${pods}/nope`));
  });
  test('404path: no such API group', async () => {
    const reply = await api('GET', '/apis/nope.example/v1/things');
    expect(reply.text).toBe(readFileSync(join(recordings, '404path.body'), 'utf8'));
    sameHead('404path', reply);
  });
  test('409exists: a name that is taken', async () => {
    await same('409exists', await api('POST', '/api/v1/namespaces', { metadata: { name: 'wire' } }));
  });
  test('409stale: an old resourceVersion', async () => {
    const { body } = await api('GET', `${deployments}/web`);
    body.metadata.resourceVersion = '1';
    await same('409stale', await api('PUT', `${deployments}/web`, body));
  });
  test('409ssa: a field that another manager owns', async () => {
    const config = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas: 3 },
    };
    const path = `${deployments}/web?fieldManager=other&dryRun=All`;
    await same(
      '409ssa',
      await api('PATCH', path, config, { 'content-type': 'application/apply-patch+yaml' }),
    );
  });
  test('415: a patch of an unknown type', async () => {
    await same('415', await api('PATCH', `${deployments}/web`, {}));
  });
  test('422: an invalid value', async () => {
    const patch = { spec: { replicas: -1 } };
    await same('422', await api('PATCH', `${deployments}/web`, patch, { 'content-type': merge }));
  });
  test('strictfield: an unknown field, strictly', async () => {
    await same('strictfield', await api('POST', `${configMaps}?fieldValidation=Strict&dryRun=All`, oddMap));
  });
  test('warn: an unknown field, with a warning', async () => {
    await same('warn', await api('POST', `${configMaps}?fieldValidation=Warn&dryRun=All`, oddMap));
  });
  test('logbadc: a container the pod does not have', async () => {
    const name = await podName();
    await same('logbadc', await api('GET', `${pods}/${name}/log?container=zz`), [
      ['web-6444769cf-djncl', name],
    ]);
  });
});

describe('answers', () => {
  test('410: a list at an exact revision', async () => {
    await same('410', await api('GET', `${pods}?resourceVersion=1&resourceVersionMatch=Exact`));
  });
  test('aggdisc: what is served is described as the real server does', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const reply = await api('GET', '/apis', undefined, { accept });
    sameHead('aggdisc', reply);
    const recorded = recordedBody('aggdisc');
    expect({ ...reply.body, items: [] }).toEqual({ ...recorded, items: [] });
    expect(describedResources(reply.body).size).toBeGreaterThan(8);
    for (const [name, ours] of describedResources(reply.body)) {
      expect.soft(ours, name).toEqual(describedResources(recorded).get(name));
    }
  });
  test('delete-fg: the deleted ServiceAccount', async () => {
    await api('POST', '/api/v1/namespaces/wire/serviceaccounts', { metadata: { name: 'bot' } });
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' };
    await same('delete-fg', await api('DELETE', '/api/v1/namespaces/wire/serviceaccounts/bot', options));
  });
  test('log: plain text', async () => {
    const reply = await api('GET', `${pods}/${await podName()}/log?tailLines=1`);
    sameHead('log', reply);
    expect(reply.text).toMatch(/^\S.*\n$/);
  });
  test('podlist: items without a type', async () => {
    const reply = await api('GET', pods);
    sameHead('podlist', reply);
    const ours = reply.body;
    const recorded = recordedBody('podlist');
    expect(skeleton({ ...ours, items: [] })).toEqual(skeleton({ ...recorded, items: [] }));
    const [pod, model] = [ours.items[0], recorded.items[0]];
    expect(Object.keys(pod).sort()).toEqual(Object.keys(model).sort());
    expect(Object.keys(pod.metadata)).toEqual(
      expect.arrayContaining(Object.keys(model.metadata).filter((key) => key !== 'generation')),
    );
    expect(skeleton(pod.metadata.ownerReferences)).toEqual(skeleton(model.metadata.ownerReferences));
    expect(Object.keys(pod.status)).toEqual(expect.arrayContaining(Object.keys(model.status)));
    expect(skeleton(pod.status.containerStatuses[0].state)).toEqual(
      skeleton(model.status.containerStatuses[0].state),
    );
  });
  test('scale: the subresource', async () => {
    await same('scale', await api('GET', `${deployments}/web/scale`));
  });
  test('ssar: may I?', async () => {
    const spec = { resourceAttributes: { namespace: 'wire', verb: 'get', resource: 'pods' } };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    await same('ssar', await api('POST', path, { spec }, { 'user-agent': 'curl/8' }));
  });
  test('table: what kubectl get prints', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const reply = await api('GET', deployments, undefined, { accept });
    sameHead('table', reply);
    const image: [string, string][] = [['web:1', 'nginx:1']];
    const recorded = recordedBody('table', image);
    expect(reply.body.columnDefinitions).toEqual(recorded.columnDefinitions);
    const cells = (table: Reply['body']) => table.rows[0].cells.toSpliced(4, 1);
    expect(cells(reply.body)).toEqual(cells(recorded));
    const [ours, theirs] = [reply.body.rows[0].object, recorded.rows[0].object];
    expect(ours.kind).toBe(theirs.kind);
    expect(Object.keys(ours.metadata).sort()).toEqual(Object.keys(theirs.metadata).sort());
    const owners = (object: Reply['body']) =>
      object.metadata.managedFields.map(
        ({ manager, subresource }: { manager: string; subresource?: string }) => [manager, subresource],
      );
    expect(owners(ours)).toEqual(
      expect.arrayContaining([
        ['kubectl-create', undefined],
        ['kube-controller-manager', 'status'],
      ]),
    );
  });
});

test('every recording was compared', () => {
  const all = readdirSync(recordings).filter((file) => file.endsWith('.body'));
  expect([...compared].sort()).toEqual(all.map((file) => file.replace('.body', '')).sort());
});

const merge = 'application/merge-patch+json';
const configMaps = '/api/v1/namespaces/wire/configmaps';
const oddMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dataa: {} };

async function podName(): Promise<string> {
  return (await api('GET', pods)).body.items[0].metadata.name;
}

/** The whole answer equals the recording, times and uids aside. */
async function same(name: string, reply: Reply, replacements: [string, string][] = []): Promise<void> {
  sameHead(name, reply);
  expect(skeleton(reply.body)).toEqual(skeleton(recordedBody(name, replacements)));
}

const comparedHeaders = ['content-type', 'cache-control', 'warning', 'x-content-type-options'];

function sameHead(name: string, reply: Reply): void {
  compared.add(name);
  const [first = '', ...lines] = readFileSync(join(recordings, `${name}.hdr`), 'utf8').split(/\r?\n/);
  const recorded = new Map(
    lines.map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 2)]),
  );
  expect(reply.status).toBe(Number(first.split(' ')[1]));
  for (const header of comparedHeaders) {
    expect.soft(reply.headers.get(header), header).toBe(recorded.get(header) ?? null);
  }
  expect(reply.headers.get('audit-id')).toMatch(/^[0-9a-f-]{36}$/);
}

function recordedBody(name: string, replacements: [string, string][] = []): Reply['body'] {
  let text = readFileSync(join(recordings, `${name}.body`), 'utf8');
  for (const [from, to] of replacements) text = text.replaceAll(from, to);
  return JSON.parse(text);
}

/** The body with what differs each time replaced. */
function skeleton(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(skeleton);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const varies =
      /^(uid|creationTimestamp|time|startedAt)$/.test(key) || (key === 'resourceVersion' && item !== '1');
    if (varies && typeof item === 'string') return [key, `<${key}>`];
    return [key, key === 'name' && String(item).startsWith('web-') ? '<generated>' : skeleton(item)];
  });
  return Object.fromEntries(entries);
}

interface Described {
  metadata: { name: string };
  versions: { resources: { resource: string }[] }[];
}

function describedResources(list: { items: Described[] }): Map<string, unknown> {
  const pairs = list.items.flatMap(({ metadata, versions }) =>
    versions
      .slice(0, 1)
      .flatMap(({ resources }) =>
        resources.map((each) => [`${metadata.name}/${each.resource}`, each] as const),
      ),
  );
  return new Map(pairs);
}
