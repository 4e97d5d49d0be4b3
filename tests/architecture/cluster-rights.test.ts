import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { parseKubernetesPath } from '../../src/sandbox/broker/kubernetes-path.ts';
import { type Kind, kinds, objectPath } from '../../src/tools/kubernetes/kinds.ts';
import { tools } from '../../src/tools/registry.ts';
import { sampleInputs } from '../../src/tools/sample-inputs.ts';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };
/** API group → resource → verbs. */
type Rights = Map<string, Map<string, Set<string>>>;

/** What is read besides the kinds of the table, by group; and who reads it. */
const alsoRead: { [group: string]: readonly string[] } = {
  '': ['pods/log'], // kubernetes.logs
  'discovery.k8s.io': ['endpointslices'], // kubernetes.port_check
  'metrics.k8s.io': ['nodes', 'pods'], // kubernetes.top
  'monitoring.coreos.com': ['servicemonitors', 'prometheusrules'], // monitoring.generate
};
const verbOf: { [method: string]: string } = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
/** A server-side apply makes what is missing, for which the server wants `create` too. */
const applies = /^(kubernetes\.apply|helm\.)/;

const writes = tools
  .flatMap(({ operations }) => operations)
  .map((operation) => [operation.id, writeRights(operation)] as const)
  .filter(([, rights]) => rights.size > 0);

test('helm/reign/files/rights.yaml is what the operations need', async () => {
  const text = `# Made from the code by \`npx vitest run --project unit tests/architecture -u\`: what an account of a cluster needs for
# looking, for values of Secrets (get of one, and every operation of helm), and for each operation that writes.
${stringify({ read: rulesOf(readRights()), secrets: secretRules, write: Object.fromEntries(writes.map(([id, rights]) => [id, rulesOf(rights)])) }, { lineWidth: 0 })}`;
  await expect(text).toMatchFileSnapshot('../../helm/reign/files/rights.yaml');
});

test('docs/cluster-rights.md shows them', async () => {
  const text = [
    '# Rights in a cluster',
    'Made from the code by `npx vitest run --project unit tests/architecture -u`. A preview is a dry run, for which the server wants the right to write. The chart makes roles of this: [install.md](install.md#rights-in-the-cluster).',
    `**Looking:** ${wordsOf(readRights())}. A cluster is known by the uid of its namespace kube-system, which is always read.`,
    `**Values of Secrets**, for \`kubernetes.get\`, \`apply\`, \`patch\` and \`delete\` of one (\`clusterAccess.readSecrets\`), and for every operation of helm, which keeps its records there: get, list \`secrets\`.`,
    [
      '| operation | needs besides looking |',
      '| --- | --- |',
      ...writes.map(([id, rights]) => `| \`${id}\` | ${wordsOf(rights)} |`),
    ].join('\n'),
    `Every kind: ${kinds.map(({ plural }) => `\`${plural}\``).join(', ')}. An operation of helm needs the rights for what its chart holds, and no more; a chart with other kinds needs them for those.`,
  ];
  await expect(`${text.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/cluster-rights.md');
});

test('every write to a cluster is among them', () => {
  const known = new Set(writes.map(([id]) => id));
  const writing = tools
    .flatMap(({ operations }) => operations)
    .filter(({ effect, connections }) => effect !== 'read' && connections?.includes('kubernetes'));
  // It looks at the cluster and writes to a repository.
  expect(writing.filter(({ id }) => !known.has(id)).map(({ id }) => id)).toEqual(['gitops.propose']);
});

test('every API group that tools of clusters name may be looked at', () => {
  const groups = ['kubernetes', 'helm', 'monitoring'].flatMap((tool) => {
    const folder = path.resolve(import.meta.dirname, '../../src/tools', tool);
    const files = readdirSync(folder).filter((file) => !file.includes('.test.'));
    const texts = files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
    return texts.flatMap((text) =>
      [...text.matchAll(/\/apis\/([a-z][a-z0-9.]+)\//g)].map(([, group]) => group ?? ''),
    );
  });
  const read = readRights();
  // Questions about the own rights are everybody's (system:basic-user).
  const open = new Set(groups.filter((group) => group !== 'authorization.k8s.io' && !read.has(group)));
  expect([...open]).toEqual([]);
});

const secretRules: Rule[] = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }];

function readRights(): Rights {
  const rights: Rights = new Map();
  for (const kind of kinds)
    if (kind.kind !== 'Secret')
      for (const verb of ['get', 'list']) note(rights, groupOf(kind), kind.plural, verb);
  for (const [group, resources] of Object.entries(alsoRead))
    for (const resource of resources) for (const verb of ['get', 'list']) note(rights, group, resource, verb);
  return rights;
}

/** What the rules of its egress come to, over made-up inputs with every kind of the table. */
function writeRights(operation: AnyOperation): Rights {
  const rights: Rights = new Map();
  if (!operation.connections?.includes('kubernetes')) return rights;
  for (const input of sampleInputs(operation.input, 60).flatMap((sample) => withKinds(operation, sample))) {
    for (const { method, path } of operation.egress(input as never)) {
      const text = typeof path === 'string' ? path : path.source.replace(/\\(.)/g, '$1');
      const parsed = parseKubernetesPath(text.split('/').slice(1));
      if (parsed?.kind !== 'object') continue;
      const resource = parsed.part === undefined ? parsed.resource : `${parsed.resource}/${parsed.part}`;
      note(rights, parsed.group, resource, verbOf[method] ?? method);
      if (method === 'PATCH' && applies.test(operation.id)) note(rights, parsed.group, resource, 'create');
    }
  }
  // It merges keys into the Secret that is there.
  if (operation.id === 'kubernetes.set_secret')
    for (const verb of ['get', 'list']) note(rights, '', 'secrets', verb);
  return rights;
}

/** The input itself, and with each kind of the table in the place of its own. */
function withKinds(operation: AnyOperation, sample: unknown): unknown[] {
  const input = sample as { kind?: string; objects?: { kind: string; path?: string }[] };
  const variants = kinds.map((kind) => {
    if (input.objects === undefined) return { ...input, kind: kind.kind };
    const place = kind.namespaced ? 'shop' : undefined;
    const whole = { kind: kind.kind, path: objectPath(kind, 'x', place), acts: ['apply', 'delete'] };
    const objects = operation.id.startsWith('helm.')
      ? [whole]
      : input.objects.map((each) => ({ ...each, kind: kind.kind }));
    return { ...input, objects };
  });
  return [input, ...variants].flatMap((each) => {
    const parsed = operation.input.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

function groupOf({ api }: Kind): string {
  return api.startsWith('/apis/') ? (api.split('/')[2] ?? '') : '';
}

function note(rights: Rights, group: string, resource: string, verb: string): void {
  const resources = rights.get(group) ?? new Map<string, Set<string>>();
  rights.set(group, resources.set(resource, (resources.get(resource) ?? new Set()).add(verb)));
}

/** Resources of one group with the same verbs in one rule, everything sorted. */
function rulesOf(rights: Rights): Rule[] {
  return [...rights].sort().flatMap(([group, resources]) => {
    const byVerbs = new Map<string, string[]>();
    for (const [resource, verbs] of [...resources].sort()) {
      const key = [...verbs].sort().join(',');
      byVerbs.set(key, [...(byVerbs.get(key) ?? []), resource]);
    }
    return [...byVerbs].map(([verbs, names]) => ({
      apiGroups: [group],
      resources: names,
      verbs: verbs.split(','),
    }));
  });
}

function wordsOf(rights: Rights): string {
  const rules = rulesOf(rights);
  const verbs = [...new Set(rules.flatMap((rule) => rule.verbs))].sort().join(', ');
  if (rules.flatMap(({ resources }) => resources).length >= kinds.length && !rules[0]?.verbs.includes('get'))
    return `${verbs} of every kind`;
  return rules
    .map(({ apiGroups: [group], resources, verbs: each }) => {
      const names = resources.map((name) => `\`${name}\``).join(', ');
      return `${each.join(', ')} ${names}${group === '' ? '' : ` of ${group}`}`;
    })
    .join('; ');
}
