import type { RiskRaise } from '../../domain/risk.ts';
import { compareObjects } from './compare.ts';
import { flatten } from './fields.ts';
import { isKept, type Placed } from './objects.ts';

const rights = /^(Cluster)?Role(Binding)?$|WebhookConfiguration$|^CustomResourceDefinition$/;
const privileges: readonly [RegExp, string][] = [
  [/securityContext\.privileged$/, 'runs a privileged container'],
  [/\.allowPrivilegeEscalation$/, 'lets a container gain privileges'],
  [
    /\.spec\.host(Network|PID|IPC)$|^spec\.host(Network|PID|IPC)$/,
    "shares the node's own network or processes",
  ],
  [/\.hostPath\.path$/, 'mounts a folder of the node'],
];

/** Objects of one list that another has not, less what helm keeps. */
export function without(objects: readonly Placed[], others: readonly Placed[]): Placed[] {
  const paths = new Set(others.map(({ path }) => path));
  return objects.filter(({ path, object }) => !paths.has(path) && !isKept(object));
}

/** What weighs more than the input tells: deletions, rights, and what reaches out of a container. */
export function raisesOf(base: readonly Placed[], wanted: readonly Placed[]): RiskRaise[] {
  const { created, changed } = compareObjects(base, wanted);
  const sent = new Set([...created, ...changed]);
  const sending = wanted.filter(({ title }) => sent.has(title));
  const before = new Map(base.map(({ title, object }) => [title, flatten(object)]));
  const ruling = sending.filter(({ kind }) => rights.test(kind)).map(({ title }) => title);
  const reaching = sending.flatMap(({ title, object }) => {
    const old = before.get(title);
    const fields = [...flatten(object)].filter(
      ([path, { raw }]) => raw !== 'false' && old?.get(path)?.raw !== raw,
    );
    const words = privileges.filter(([pattern]) => fields.some(([path]) => pattern.test(path)));
    return words.map(([, word]) => `${title} ${word}`);
  });
  return [
    ...raise(
      'deletes ',
      without(base, wanted).map(({ title }) => title),
    ),
    ...raise('changes what may be done in the cluster: ', ruling),
    ...raise('', reaching),
  ];
}

function raise(words: string, names: readonly string[]): RiskRaise[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 5).join(', ');
  const reason = `${words}${shown}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  return [{ level: 'high', reason }];
}
