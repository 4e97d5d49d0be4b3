import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import type { KubeObject } from './api.ts';
import { changeParts, type ReleaseChange } from './change.ts';
import { type ChartAsk, type ChartInput, chartInput, chartPlan } from './chart-plan.ts';
import { findChart } from './charts.ts';
import { complete, quoted } from './complete.ts';
import { examples } from './install.examples.ts';
import { clusterUidOf } from './locate.ts';
import { readRecords } from './records.ts';
import { namespaceName, releaseName, wordsOf } from './release.ts';
import { type Helm, withHelm } from './run-helm.ts';
import { helmMajor } from './server-side.ts';
import { tryChart } from './try-objects.ts';
import { undoOf, verifyChange } from './undo.ts';
import { assessWrite } from './writes.ts';

const change: ReleaseChange<ChartInput> = {
  plan: (helm, input) => chartPlan(helm, input, 'install'),
  marks: true,
  made: ({ status, description }, _input, mark) => status === 'deployed' && description === mark,
  tryOut: tryChart,
};

export const install = defineOperation({
  ...changeParts(change),
  id: 'helm.install',
  version: 1,
  summary: 'Installs a chart of a configured folder as a release.',
  effect: 'create',
  request: z.strictObject({
    chart: z.string().optional(),
    release: z.string().optional(),
    version: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: chartInput,
  connections: ['kubernetes', 'folder'],
  examples,
  undo: undoOf<ChartInput>('install'),
  async resolve(request, reader) {
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
      };
      const reason = await refusalOf(helm, ask);
      if (reason !== undefined) return { kind: 'impossible', reason };
      return complete(ask, await chartPlan(helm, ask, 'install'));
    });
  },
  assess: (input) => assessWrite(input, 'create', []),
  describe: (input) => ({
    title: `Install chart ${input.chart} as ${wordsOf(input)}`,
    byHand: `helm install ${input.release} ${quoted(`./${input.path}`)} --namespace ${input.namespace}`,
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
