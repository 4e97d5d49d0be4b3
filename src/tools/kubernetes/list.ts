import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster, type ServerTable } from './client.ts';
import { findKind, type Kind, kinds, listPath } from './kinds.ts';
import { examples } from './list.examples.ts';
import { assessRead, placeInput, placeRead } from './read-place.ts';

const mostRows = 200;
const offered = ['pods', 'deployments', 'services', 'nodes', 'namespaces', 'ingresses', 'jobs'];

export const list = defineOperation({
  ...readParts,
  id: 'kubernetes.list',
  version: 1,
  summary: 'Lists the resources of a kind.',
  request: z.strictObject({
    kind: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: placeInput.extend({ kind: z.string() }),
  output: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    total: z.number(),
  }),
  examples,
  connections: ['kubernetes'],
  async resolve(request, reader) {
    if (request.kind === undefined) {
      const options = offered.map((kind) => ({ label: kind, patch: { kind } }));
      return { kind: 'question', question: { text: 'What do you want to list?', field: 'kind', options } };
    }
    const kind = findKind(request.kind);
    if (kind === undefined) {
      const known = kinds.map(({ plural }) => plural).join(', ');
      return {
        kind: 'impossible',
        reason: `Reign does not know the kind "${request.kind}". It lists: ${known}.`,
      };
    }
    const { namespace, ...rest } = request;
    const placed = await placeRead(kind.namespaced ? { ...rest, namespace } : rest, reader);
    if (placed.kind !== 'placed') return placed;
    return { kind: 'input', input: { ...placed.place, kind: kind.plural } };
  },
  assess: (input) => assessRead(input),
  describe: ({ kind, namespace, environment }) => ({
    title: `List ${kind} ${namespace === undefined ? '' : `of namespace ${namespace} `}in ${environment}`,
    byHand: `kubectl get ${kind} ${namespace === undefined ? '--all-namespaces' : `-n ${namespace}`}`,
  }),
  async execute(input, reader) {
    const kind = findKind(input.kind);
    if (kind === undefined) throw new FaultError('bad-request', `Unknown kind ${input.kind}.`);
    const table = await openCluster(reader, input.connection).table(listPath(kind, input.namespace));
    return shape(kind, table, input.namespace === undefined);
  },
  render({ columns, rows, total }, { kind, namespace, environment }) {
    const where = namespace === undefined ? environment : `namespace ${namespace} of ${environment}`;
    if (total === 0) return { kind: 'text', text: `There are no ${kind} in ${where}.` };
    const note =
      total > rows.length ? `${rows.length} of ${total} ${kind} in ${where}` : `${total} ${kind} in ${where}`;
    return { kind: 'table', columns, rows, note };
  },
});

/** The server's own columns, as kubectl shows them, with the namespace in front where all are listed. */
function shape({ namespaced }: Kind, { columnDefinitions, rows }: ServerTable, everywhere: boolean) {
  const shown = columnDefinitions.flatMap(({ name, priority }, index) =>
    priority === 0 ? [{ name, index }] : [],
  );
  const lead = namespaced && everywhere;
  const all = (rows ?? []).map(({ cells, object }) => [
    ...(lead ? [object?.metadata?.namespace ?? ''] : []),
    ...shown.map(({ index }) => text(cells[index])),
  ]);
  const columns = [...(lead ? ['Namespace'] : []), ...shown.map(({ name }) => name)];
  return { columns, rows: all.slice(0, mostRows), total: all.length };
}

function text(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
