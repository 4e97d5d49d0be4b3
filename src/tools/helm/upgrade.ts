import { defineOperation } from '../../domain/operation.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import { changeParts, leftBehind } from './change.ts';
import { chartChange, valuedRequest } from './chart-change.ts';
import { type ChartAsk, type ChartInput, chartInput, chartPlan } from './chart-plan.ts';
import { findChart } from './charts.ts';
import { complete } from './complete.ts';
import { locateRelease } from './locate.ts';
import { currentOf, isPending, readRecords } from './records.ts';
import { wordsOf } from './release.ts';
import { withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { readValues, valuesByHand, valuesInWords } from './set-values.ts';
import { undoOf, verifyChange } from './undo.ts';
import { examples } from './upgrade.examples.ts';
import { assessWrite } from './writes.ts';

export const upgrade = defineOperation({
  ...changeParts(chartChange('upgrade')),
  id: 'helm.upgrade',
  version: 1,
  summary: 'Upgrades a release to a chart of a configured folder, with the values it has.',
  effect: 'update',
  request: valuedRequest,
  input: chartInput,
  connections: ['kubernetes', 'folder'],
  examples,
  undo: undoOf<ChartInput>('upgrade'),
  async resolve({ values: said, ...request }, reader) {
    const read = said === undefined ? undefined : readValues(said);
    if (read?.kind === 'impossible') return read;
    const values = read === undefined ? {} : { values: read.values };
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
      const ask: ChartAsk = { ...at, serverSide, folder, path, chart: `${name} ${version}`, ...values };
      return complete(ask, await chartPlan(helm, ask, 'upgrade'));
    });
  },
  assess: (input) => assessWrite(input, 'update', []),
  describe: (input) => ({
    title: `Upgrade ${wordsOf(input)} to chart ${input.chart}${valuesInWords(input.values ?? [])}`,
    byHand: `helm upgrade ${input.release} ${quoteWord(`./${input.path}`)} --namespace ${input.namespace}${valuesByHand(input.values ?? [], 'upgrade')}`,
  }),
  verify: (input, reader, context) => verifyChange('upgrade', input, reader, context),
});
