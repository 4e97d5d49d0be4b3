import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { examples } from './history.examples.ts';
import { named, releaseReadParts, releaseToRead } from './read-release.ts';
import { wordsOf } from './release.ts';
import { withHelm } from './run-helm.ts';

type Row = { revision: number; updated: string; status: string; chart: string; description: string };

export const history = defineOperation({
  ...releaseReadParts,
  id: 'helm.history',
  version: 1,
  summary: 'Shows the revisions of a release.',
  output: z.object({
    revisions: z.array(
      z.object({
        revision: z.number(),
        updated: z.string(),
        status: z.string(),
        chart: z.string(),
        description: z.string(),
      }),
    ),
  }),
  examples,
  resolve: (request, reader) => releaseToRead(request, reader, 'see the history of'),
  describe: (input) => ({
    title: `Show the history of ${wordsOf(input)}`,
    byHand: `helm history ${named(input).join(' ')}`,
  }),
  async execute(input, reader) {
    const rows = await withHelm(reader, input.connection, (helm) =>
      helm.json<Row[]>(['history', ...named(input)]),
    );
    const revisions = rows.map(({ revision, updated, status, chart, description }) => ({
      ...{ revision, status, chart, description },
      updated: updated.slice(0, 19).replace('T', ' '),
    }));
    return { revisions };
  },
  render: ({ revisions }) => ({
    kind: 'table',
    columns: ['revision', 'status', 'chart', 'updated (UTC)', 'description'],
    rows: revisions.map((it) => [String(it.revision), it.status, it.chart, it.updated, it.description]),
  }),
});
