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
import { reignIntents } from './reign.ts';
import { shellIntents } from './shell.ts';
import { terraformIntents } from './terraform.ts';

/** Every intent of the taxonomy with its own examples, whether a tool offers it or not. */
export const knownIntents: readonly IntentSource[] = [
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
