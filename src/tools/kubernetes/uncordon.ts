import { schedulingOperation } from './scheduling.ts';
import { examples } from './uncordon.examples.ts';

export const uncordon = schedulingOperation(false, {
  id: 'kubernetes.uncordon',
  verb: 'uncordon',
  summary: 'Lets pods come onto a node again.',
  examples,
});
