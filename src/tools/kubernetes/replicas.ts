import type { Tier } from '../../domain/environment.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import type { ReversibleChange } from './restore.ts';
import type { Workload, WorkloadInput } from './workload.ts';

export const mostReplicas = 1000;

/** Why a kind cannot be scaled. */
export const refuseScaling = {
  daemonset: 'A daemon set runs one pod on each node: it has no replica count to set.',
};

export type ReplicasInput = WorkloadInput & { replicas: number };

/** Sets a replica count. */
export const changeReplicas: ReversibleChange<ReplicasInput> = {
  change: async (workload, { replicas }) => ({
    workload: withReplicas(workload, replicas),
    depends: { replicas: workload.spec?.replicas ?? null },
  }),
  remark: (before, after, _input, tier) => ({
    summary: `${before.replicas} → ${after.replicas} replicas`,
    warnings: before.replicas === after.replicas ? ['It has this many replicas already.'] : [],
    raises: raisesOf(before.replicas ?? 0, after.replicas ?? 0, tier),
  }),
  touches: ({ replicas }) => ({ replicas }),
  putBack: async (workload, { replicas }) => withReplicas(workload, Number(replicas)),
};

export function inReplicas(replicas: number): string {
  return replicas === 1 ? '1 replica' : `${replicas} replicas`;
}

function withReplicas(workload: Workload, replicas: number): Workload {
  return { ...workload, spec: { ...workload.spec, replicas } } as Workload;
}

function raisesOf(before: number, after: number, tier: Tier): RiskRaise[] {
  if (after >= before) return [];
  if (after === 0) return [{ level: 'high', reason: 'stops the service: no replica is left' }];
  if (after * 2 >= before) return [];
  const reason = `takes away more than half of the replicas (${before} → ${after})`;
  return [{ level: tier === 'production' ? 'high' : 'medium', reason }];
}
