import { examples } from './cordon.examples.ts';
import { schedulingOperation } from './scheduling.ts';

export const cordon = schedulingOperation(true, {
  id: 'kubernetes.cordon',
  verb: 'cordon',
  summary: 'Keeps new pods away from a node; those that run there stay.',
  examples,
});
