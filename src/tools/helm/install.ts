import { defineOperation } from '../../domain/operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { quoteWord } from '../../domain/shell-words.ts';
import type { KubeObject } from './api.ts';
import { changeParts } from './change.ts';
import { chartChange, valuedRequest } from './chart-change.ts';
import { type ChartAsk, type ChartInput, chartInput, chartPlan } from './chart-plan.ts';
import { findChart } from './charts.ts';
import { complete } from './complete.ts';
import { examples } from './install.examples.ts';
import { clusterUidOf } from './locate.ts';
import { readRecords } from './records.ts';
import { namespaceName, releaseName, wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { readValues, valuesByHand, valuesInWords } from './set-values.ts';
import { undoOf, verifyChange } from './undo.ts';
import { assessWrite } from './writes.ts';

export const install = defineOperation({
  ...changeParts(chartChange('install')),
  id: 'helm.install',
  version: 1,
  summary: 'Installs a chart of a configured folder as a release.',
  effect: 'create',
  request: valuedRequest,
  input: chartInput,
  connections: ['kubernetes', 'folder'],
  examples,
  undo: undoOf<ChartInput>('install'),
  async resolve({ values: said, ...request }, reader) {
    const read = said === undefined ? undefined : readValues(said);
    if (read?.kind === 'impossible') return read;
    const values = read === undefined ? {} : { values: read.values };
    const one = onePlace(reader.environments, 'kubernetes', request.environment);
    if (one.kind !== 'place') return one;
    const { id, environment } = one.connection;
    const found = await findChart(reader, environment, request);
    if (found.kind !== 'chart') return found;
    const { chart } = found;
    const release = releaseName.safeParse((request.release ?? chart.name).trim().toLowerCase());
    const namespace = namespaceName.safeParse((request.namespace ?? 'default').trim().toLowerCase());
    if (!release.success || !namespace.success)
      return { kind: 'impossible', reason: 'Names of releases and namespaces are made of a-z, 0-9 and "-".' };
    return withHelm(reader, id, async (helm) => {
      const ask: ChartAsk = {
        ...{ environment, connection: id, clusterUid: await clusterUidOf(helm.api) },
        ...{ namespace: namespace.data, release: release.data, serverSide: (await helmMajor(helm)) >= 4 },
        ...{ folder: chart.folder, path: chart.path, chart: `${chart.name} ${chart.version}` },
        ...values,
      };
      const reason = await refusalOf(helm, ask);
      if (reason !== undefined) return { kind: 'impossible', reason };
      return complete(ask, await chartPlan(helm, ask, 'install'));
    });
  },
  assess: (input) => assessWrite(input, 'create', []),
  describe: (input) => ({
    title: `Install chart ${input.chart} as ${wordsOf(input)}${valuesInWords(input.values ?? [])}`,
    byHand: `helm install ${input.release} ${quoteWord(`./${input.path}`)} --namespace ${input.namespace}${valuesByHand(input.values ?? [], 'install')}`,
  }),
  verify: (input, reader, context) => verifyChange('install', input, reader, context),
});

async function refusalOf({ api }: Helm, ask: ChartAsk): Promise<string | undefined> {
  if ((await api.find<KubeObject>(`/api/v1/namespaces/${ask.namespace}`)) === undefined)
    return `There is no namespace ${ask.namespace} in ${ask.environment}. Create it first, or name another.`;
  const last = (await readRecords(api, ask)).at(-1);
  if (last === undefined || last.status === 'uninstalled') return undefined;
  return `The ${wordsOf(ask)} exists already (revision ${last.version}, ${last.chart}, ${last.status}). Upgrade it, or install under another name.`;
}
