import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { changeParts, leftBehind, type ReleaseChange } from './change.ts';
import { type ChartAsk, type ChartInput, chartInput, chartPlan } from './chart-plan.ts';
import { findChart } from './charts.ts';
import { complete, quoted } from './complete.ts';
import { locateRelease } from './locate.ts';
import { currentOf, isPending, readRecords } from './records.ts';
import { wordsOf } from './release.ts';
import { withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { tryChart } from './try-objects.ts';
import { undoOf, verifyChange } from './undo.ts';
import { examples } from './upgrade.examples.ts';
import { assessWrite } from './writes.ts';

const change: ReleaseChange<ChartInput> = {
  plan: (helm, input) => chartPlan(helm, input, 'upgrade'),
  marks: true,
  made: ({ status, description }, _input, mark) => status === 'deployed' && description === mark,
  tryOut: tryChart,
};

export const upgrade = defineOperation({
  ...changeParts(change),
  id: 'helm.upgrade',
  version: 1,
  summary: 'Upgrades a release to a chart of a configured folder, with the values it has.',
  effect: 'update',
  request: z.strictObject({
    release: z.string().optional(),
    chart: z.string().optional(),
    version: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: chartInput,
  connections: ['kubernetes', 'folder'],
  examples,
  undo: undoOf<ChartInput>('upgrade'),
  async resolve(request, reader) {
    const located = await locateRelease(request, reader, 'upgrade');
    if (located.kind !== 'located') return located;
    const { at } = located;
    return withHelm(reader, at.connection, async (helm) => {
      const records = await readRecords(helm.api, at);
      const [last, current] = [records.at(-1), currentOf(records)];
      if (last === undefined || current === undefined || last.status === 'uninstalled')
        return { kind: 'impossible', reason: `The ${wordsOf(at)} is not installed (any more). Install it.` };
      if (isPending(last)) return { kind: 'impossible', reason: leftBehind(at, records) };
      const wanted = { chart: request.chart ?? current.chartName, version: request.version };
      const found = await findChart(reader, at.environment, wanted);
      if (found.kind !== 'chart') return found;
      const { folder, path, name, version } = found.chart;
      const serverSide = current.serverSide && (await helmMajor(helm)) >= 4;
      const ask: ChartAsk = { ...at, serverSide, folder, path, chart: `${name} ${version}` };
      return complete(ask, await chartPlan(helm, ask, 'upgrade'));
    });
  },
  assess: (input) => assessWrite(input, 'update', []),
  describe: (input) => ({
    title: `Upgrade ${wordsOf(input)} to chart ${input.chart}`,
    byHand: `helm upgrade ${input.release} ${quoted(`./${input.path}`)} --namespace ${input.namespace}`,
  }),
  verify: (input, reader, context) => verifyChange('upgrade', input, reader, context),
});
