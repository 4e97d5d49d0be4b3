import { FaultError } from '../../domain/fault.ts';
import type { Json } from '../../domain/json.ts';
import { templateOf, type View, viewOf, type Workload, type WorkloadInput, wordsOf } from './workload.ts';

/**
 * The workload as an earlier step of the same plan will leave it, from that step's approved after-state.
 * @throws FaultError `unsupported` when the after-state says too little to build on (a rollback's template).
 */
export function overlay(live: Workload, after: Json, input: WorkloadInput): Workload {
  const view = after as Partial<View>;
  const template = templateOf(live);
  const containers = (template.spec?.containers ?? []).map((container) => {
    const image = view.images?.[container.name];
    return image === undefined ? container : { ...container, image };
  });
  const workload = {
    ...live,
    spec: {
      ...live.spec,
      ...(typeof view.replicas === 'number' ? { replicas: view.replicas } : {}),
      template: { ...template, spec: { ...template.spec, containers } },
    },
  } as Workload;
  if (view.template === undefined || viewOf(workload).template === view.template) return workload;
  throw new FaultError(
    'unsupported',
    `What the ${wordsOf(input)} looks like after the earlier step can't be told. Ask for this step afterwards.`,
  );
}
