import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { openCluster } from './client.ts';
import { kindNamed, listPath } from './kinds.ts';
import { loadLibrary } from './library.ts';
import { share } from './quantity.ts';
import { examples } from './quota.examples.ts';
import { assessRead, placeInput, placeRead } from './read-place.ts';
import type { LimitRange, ResourceQuota } from './wire.ts';

const mostRows = 200;

export const quota = defineOperation({
  ...readParts,
  id: 'kubernetes.quota',
  version: 1,
  summary: 'Shows the quotas of a namespace, how much of them is used, and its limit ranges.',
  request: z.strictObject({ namespace: z.string().optional(), environment: z.string().optional() }),
  input: placeInput,
  output: z.object({ rows: z.array(z.array(z.string())), full: z.number() }),
  examples,
  connections: ['kubernetes'],
  async resolve(request, reader) {
    const placed = await placeRead(request, reader);
    return placed.kind === 'placed' ? { kind: 'input', input: placed.place } : placed;
  },
  assess: (input) => assessRead(input, 'resourcequota'),
  describe: ({ namespace, environment }) => ({
    title: `Show the quotas ${namespace === undefined ? '' : `of namespace ${namespace} `}in ${environment}`,
    byHand: `kubectl get resourcequota,limitrange ${namespace === undefined ? '--all-namespaces' : `-n ${namespace}`}`,
  }),
  async execute({ connection, namespace }, reader) {
    const cluster = openCluster(reader, connection);
    const [quotas, ranges, { quantityToScalar }] = await Promise.all([
      cluster.list<ResourceQuota>(listPath(kindNamed('ResourceQuota'), namespace)),
      cluster.list<LimitRange>(listPath(kindNamed('LimitRange'), namespace)),
      loadLibrary(),
    ]);
    const partOf = (used: string, hard: string) =>
      Number(quantityToScalar(used)) / Number(quantityToScalar(hard));
    const rows = [...quotas.flatMap((each) => quotaRows(each, partOf)), ...ranges.flatMap(rangeRows)];
    const full = quotas.flatMap(({ status }) =>
      Object.entries(status?.hard ?? {}).filter(
        ([key, hard]) => partOf(status?.used?.[key] ?? '0', hard) >= 1,
      ),
    );
    return { rows: rows.slice(0, mostRows), full: full.length };
  },
  render({ rows, full }, { namespace, environment }) {
    const where = namespace === undefined ? environment : `namespace ${namespace} of ${environment}`;
    if (rows.length === 0)
      return { kind: 'text', text: `There are no quotas and no limit ranges in ${where}.` };
    const note = full > 0 ? `${full} used up: nothing more is let in there.` : 'None is used up.';
    return { kind: 'table', columns: ['Namespace', 'Name', 'Of', 'Used', 'Allowed', ''], rows, note };
  },
});

function quotaRows(
  { metadata, spec, status }: ResourceQuota,
  partOf: (used: string, hard: string) => number,
): string[][] {
  const hard = status?.hard ?? spec?.hard ?? {};
  return Object.entries(hard).map(([key, most]) => {
    const used = status?.used?.[key];
    const part = used === undefined ? '' : share(partOf(used, most), 1);
    return [metadata?.namespace ?? '', metadata?.name ?? '', key, used ?? '', most, part];
  });
}

/** What a limit range sets for each container, pod or claim. */
function rangeRows({ metadata, spec }: LimitRange): string[][] {
  return (spec?.limits ?? []).flatMap((limit) =>
    (['default', 'defaultRequest', 'min', 'max'] as const).flatMap((sort) => {
      const held: { [resource: string]: string } =
        (limit as unknown as { [field: string]: { [resource: string]: string } | undefined })[sort] ?? {};
      return Object.entries(held).map(([resource, value]) => [
        ...[metadata?.namespace ?? '', metadata?.name ?? ''],
        ...[`${resource} of each ${limit.type.toLowerCase()}`, '', value, sortWords[sort]],
      ]);
    }),
  );
}

const sortWords = { default: 'usual limit', defaultRequest: 'usual request', min: 'least', max: 'most' };
