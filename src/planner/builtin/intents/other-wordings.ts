import { askingWordings } from './wordings-asking.ts';
import { kubernetesWordings } from './wordings-kubernetes.ts';
import { makingWordings } from './wordings-making.ts';

/**
 * Other ways in which people ask for the same: in the passive, as a question, with a reason in front or behind, or as
 * a few words side by side. Written as in `learnable`.
 */
export const otherWordings: { readonly [intent: string]: readonly string[] } = {
  ...kubernetesWordings,
  ...makingWordings,
  ...askingWordings,
};
