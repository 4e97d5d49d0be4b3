import { stringify } from 'yaml';
import { z } from 'zod';
import type { Json } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import { hideSecrets } from './fields.ts';
import { named, releaseReadParts, releaseToRead } from './read-release.ts';
import { wordsOf } from './release.ts';
import { withHelm } from './run-helm.ts';
import { examples } from './values.examples.ts';

export const values = defineOperation({
  ...releaseReadParts,
  id: 'helm.values',
  version: 1,
  summary: 'Shows the values that a release was given; what is called like a secret is hidden.',
  output: z.object({ values: z.string() }),
  sensitive: true,
  examples,
  resolve: (request, reader) => releaseToRead(request, reader, 'see the values of'),
  describe: (input) => ({
    title: `Show the values of ${wordsOf(input)}`,
    byHand: `helm get values ${named(input).join(' ')}`,
  }),
  async execute(input, reader) {
    const given = await withHelm(reader, input.connection, (helm) =>
      helm.json<Json>(['get', 'values', ...named(input)]),
    );
    const empty = given === null || (typeof given === 'object' && Object.keys(given).length === 0);
    return { values: empty ? '' : stringify(hideSecrets(given)) };
  },
  render: ({ values: text }) => ({
    kind: 'text',
    text: text === '' ? 'It was given no values: those of the chart hold.' : text.trimEnd(),
  }),
});
