import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';
import { cicdIntents } from './cicd.ts';
import { complexIntents } from './complex.ts';
import { dockerIntents } from './docker.ts';
import { githubIntents } from './github.ts';
import { helmIntents } from './helm.ts';
import { kubernetesReads } from './kubernetes-reads.ts';
import { kubernetesWrites } from './kubernetes-writes.ts';
import { monitoringIntents } from './monitoring.ts';
import { noneIntents } from './none.ts';
import { otherWordings } from './other-wordings.ts';
import { reignIntents } from './reign.ts';
import { shellIntents } from './shell.ts';
import { terraformIntents } from './terraform.ts';

const ownWordings: readonly IntentSource[] = [
  ...kubernetesReads,
  ...kubernetesWrites,
  ...dockerIntents,
  ...monitoringIntents,
  ...cicdIntents,
  ...githubIntents,
  ...helmIntents,
  ...terraformIntents,
  ...shellIntents,
  ...reignIntents,
  ...noneIntents,
  ...complexIntents,
];

/** Every intent of the taxonomy with its own examples, whether a tool offers it or not. */
export const knownIntents: readonly IntentSource[] = ownWordings.map(withOtherWordings);

function withOtherWordings(source: IntentSource): IntentSource {
  const lines = otherWordings[source.id] ?? [];
  const more = learnable(source.id, source.summary, source.effect, source.request, lines);
  return { ...source, examples: [...source.examples, ...more.examples] };
}
