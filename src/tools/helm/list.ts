import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { examples } from './list.examples.ts';
import { clusterUidOf, listReleases } from './locate.ts';
import { namespaceName, releaseInput } from './release.ts';
import { withHelm } from './run-helm.ts';

const row = z.object({
  name: z.string(),
  namespace: z.string(),
  revision: z.string(),
  status: z.string(),
  chart: z.string(),
  appVersion: z.string(),
  updated: z.string(),
});

const listInput = releaseInput
  .omit({ namespace: true, release: true })
  .extend({ namespace: namespaceName.optional() });
type ListInput = z.infer<typeof listInput>;

export const list = defineOperation({
  ...readParts,
  id: 'helm.list',
  version: 1,
  summary: 'Lists helm releases, in whatever state.',
  request: z.strictObject({ namespace: z.string().optional(), environment: z.string().optional() }),
  input: listInput,
  output: z.object({ releases: z.array(row) }),
  connections: ['kubernetes'],
  limits: { seconds: 60, memoryMb: 512 },
  examples,
  async resolve({ namespace, environment }, reader) {
    const one = onePlace(reader.environments, 'kubernetes', environment);
    if (one.kind !== 'place') return one;
    const { id } = one.connection;
    return withHelm(reader, id, async ({ api }) => {
      const place = { environment: one.connection.environment, connection: id };
      const input: ListInput = { ...place, clusterUid: await clusterUidOf(api) };
      if (namespace === undefined) return { kind: 'input', input };
      const parsed = namespaceName.safeParse(namespace.trim().toLowerCase());
      if (!parsed.success || (await api.find(`/api/v1/namespaces/${parsed.data}`)) === undefined)
        return {
          kind: 'impossible',
          reason: `There is no namespace "${namespace}" in ${place.environment}.`,
        };
      return { kind: 'input', input: { ...input, namespace: parsed.data } };
    });
  },
  assess: ({ environment, clusterUid, namespace }) => ({
    effect: 'read',
    targets: [`k8s:${clusterUid}${namespace === undefined ? '' : `/${namespace}`}`],
    environment,
    ...(namespace === undefined ? {} : { place: `${environment}/${namespace}` }),
    objects: 0,
    reasons: [],
  }),
  describe: ({ environment, namespace }) => ({
    title: `List helm releases in ${namespace === undefined ? '' : `namespace ${namespace} of `}${environment}`,
    byHand: `helm list ${namespace === undefined ? '--all-namespaces' : `--namespace ${namespace}`}`,
  }),
  async execute({ connection, namespace }, reader) {
    const rows = await withHelm(reader, connection, (helm) => listReleases(helm, namespace));
    const releases = rows.map(({ app_version, updated, ...rest }) => ({
      ...rest,
      appVersion: app_version,
      updated: updated.slice(0, 19),
    }));
    return { releases };
  },
  render({ releases }, { environment }) {
    if (releases.length === 0) return { kind: 'text', text: `No helm release there (${environment}).` };
    const rows = releases.map((it) => [
      ...[it.name, it.namespace, it.revision, it.status, it.chart, it.appVersion, it.updated],
    ]);
    const columns = ['release', 'namespace', 'revision', 'status', 'chart', 'app', 'updated (UTC)'];
    return { kind: 'table', columns, rows };
  },
});
