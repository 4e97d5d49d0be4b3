import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { leftBehind } from './change.ts';
import { progressOf } from './health.ts';
import { placeObjects } from './objects.ts';
import { named, releaseReadParts, releaseToRead } from './read-release.ts';
import { isPending, readRecords } from './records.ts';
import { wordsOf } from './release.ts';
import { withHelm } from './run-helm.ts';
import { examples } from './status.examples.ts';

export const status = defineOperation({
  ...releaseReadParts,
  id: 'helm.status',
  version: 1,
  summary: 'Shows the state of a release and whether what it runs is healthy.',
  output: z.object({
    revision: z.number(),
    status: z.string(),
    chart: z.string(),
    description: z.string(),
    deployedAt: z.string(),
    objects: z.array(z.string()),
    workloads: z.array(z.object({ title: z.string(), line: z.string(), trouble: z.string().optional() })),
    advice: z.string().optional(),
  }),
  examples,
  resolve: (request, reader) => releaseToRead(request, reader, 'see the status of'),
  describe: (input) => ({
    title: `Show the status of ${wordsOf(input)}`,
    byHand: `helm status ${named(input).join(' ')}`,
  }),
  execute: (input, reader) =>
    withHelm(reader, input.connection, async ({ api }) => {
      const records = await readRecords(api, input);
      const last = records.at(-1);
      if (last === undefined)
        throw new FaultError('not-found', `The ${wordsOf(input)} does not exist any more.`);
      const placed = await placeObjects(api, last.manifest, input.namespace);
      const progress = last.status === 'uninstalled' ? [] : await progressOf(api, placed);
      const workloads = progress.map(({ title, line, trouble }) => ({
        ...{ title, line },
        ...(trouble === undefined ? {} : { trouble }),
      }));
      const { version, chart, description, deployedAt } = last;
      return {
        ...{ revision: version, status: last.status, chart, description, deployedAt, workloads },
        objects: placed.map(({ title }) => title),
        ...(isPending(last) ? { advice: leftBehind(input, records) } : {}),
      };
    }),
  render(output, { namespace, release }) {
    const { revision, chart, description, deployedAt, objects, workloads, advice } = output;
    const lines = [
      `${namespace}/${release}: ${output.status}, revision ${revision}, ${chart}`,
      `${deployedAt.slice(0, 19).replace('T', ' ')} UTC: ${description}`,
      ...workloads.map(({ title, line, trouble }) => `${title}: ${line}${trouble ? `; ${trouble}` : ''}`),
      `Objects: ${objects.join(', ') || 'none'}`,
      ...(advice === undefined ? [] : [advice]),
    ];
    return { kind: 'text', text: lines.join('\n') };
  },
});
