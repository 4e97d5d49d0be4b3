import { isObject } from '../../domain/json.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import type { ApplyInput, Looked } from './apply-objects.ts';
import type { Cluster } from './client.ts';
import { titleOf } from './manifest-text.ts';
import { ownerWarnings } from './owners.ts';
import type { Touched } from './touched.ts';
import { autoscalersOf, readable, unseenAutoscalers } from './warnings.ts';
import { type WorkloadKind, workloadKinds } from './workload.ts';

type Remark = { summary: string; warnings: readonly string[]; raises: readonly RiskRaise[] };

const rightsKinds = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

/** What people are told of an apply, in one sentence and in warnings, and what makes it riskier. */
export async function remarkOn(
  cluster: Cluster,
  input: ApplyInput,
  looked: readonly Looked[],
): Promise<Remark> {
  const made = looked.filter(({ live }) => live === undefined);
  const changed = looked.filter(({ live, touched }) => live !== undefined && touched.length > 0);
  const same = looked.length - made.length - changed.length;
  const parts = [
    ...(made.length > 0 ? [`makes ${listed(made)}`] : []),
    ...(changed.length > 0 ? [`changes ${listed(changed)}`] : []),
    ...(same > 0 ? [`${same} ${same === 1 ? 'is' : 'are'} so already`] : []),
  ];
  const warnings = await Promise.all(changed.map((each) => warningsOn(cluster, input, each)));
  return { summary: parts.join('; '), warnings: warnings.flat(), raises: raisesOf(input, looked) };
}

async function warningsOn(cluster: Cluster, input: ApplyInput, { object, live, touched }: Looked) {
  const owners = ownerWarnings(cluster, live?.metadata);
  const scaled = touches(touched, 'spec.replicas') ? await scaledBy(cluster, input, object) : [];
  return [...owners, ...scaled].map((warning) => `${titleOf(object)}: ${warning}`);
}

/** The autoscalers that would change a replica count again. */
export async function scaledBy(
  cluster: Cluster,
  place: Pick<ApplyInput, 'environment' | 'connection' | 'clusterUid'>,
  { kind: called, namespace = '', name }: { kind: string; namespace?: string | undefined; name: string },
): Promise<string[]> {
  const kind = called.toLowerCase() as WorkloadKind;
  if (!workloadKinds.includes(kind)) return [];
  const { environment, connection, clusterUid } = place;
  const at = { environment, connection, clusterUid, namespace, kind, name };
  const scalers = await readable(autoscalersOf(cluster, at));
  if (scalers === undefined) return [unseenAutoscalers];
  return scalers.map(
    ({ metadata }) => `The autoscaler ${metadata?.name} sets its replicas and may change them again.`,
  );
}

function raisesOf({ force }: ApplyInput, looked: readonly Looked[]): RiskRaise[] {
  const raises: RiskRaise[] = force
    ? [{ level: 'high', reason: 'takes over fields that others own, if they differ' }]
    : [];
  for (const { object, live, touched } of looked) {
    const written = live === undefined || touched.length > 0;
    if (written) raises.push(...raisesFor(titleOf(object), object.kind, object.body, touched));
  }
  return raises;
}

/** What makes writing these fields of an object riskier than most. */
export function raisesFor(
  title: string,
  kind: string,
  fields: object,
  touched: readonly Touched[],
): RiskRaise[] {
  const raises: RiskRaise[] = [];
  const raise = (reason: string) => raises.push({ level: 'high', reason: `${title}: ${reason}` });
  if (rightsKinds.has(kind)) raise('changes who may do what');
  if (touched.some(({ path, to }) => path.join('.') === 'spec.replicas' && to === 0))
    raise('stops it: no replica is left');
  if (touched.some(({ path, from }) => path.join('.') === 'metadata.finalizers' && from !== null))
    raise('takes away or changes what guards its deletion');
  const powers = powersIn(fields);
  if (powers.length > 0) raise(`asks for power over the node (${powers.join(', ')})`);
  return raises;
}

/** Settings of pods that reach beyond their own container, wherever they stand. */
function powersIn(value: unknown): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(powersIn))];
  if (!isObject(value)) return [];
  const own = Object.entries(value).flatMap(([field, held]) => {
    const switched = ['privileged', 'hostNetwork', 'hostPID', 'hostIPC', 'allowPrivilegeEscalation'];
    if (switched.includes(field) && held === true) return [field];
    return field === 'hostPath' && isObject(held) ? [field] : [];
  });
  return [...new Set([...own, ...Object.values(value).flatMap(powersIn)])];
}

function touches(touched: readonly Touched[], path: string): boolean {
  return touched.some((each) => each.path.join('.') === path);
}

function listed(looked: readonly Looked[]): string {
  const titles = looked.map(({ object }) => titleOf(object));
  const rest = titles.length - 4;
  return titles.slice(0, 4).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
