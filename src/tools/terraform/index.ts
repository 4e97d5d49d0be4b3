import type { Tool } from '../../domain/operation.ts';
import { apply } from './apply.ts';
import { destroy } from './destroy.ts';
import { drift } from './drift.ts';
import { generate } from './generate.ts';
import { output } from './output.ts';
import { plan } from './plan.ts';
import { stateList } from './state_list.ts';
import { validate } from './validate.ts';

/** Infrastructure as Terraform's files describe it. */
export const terraform: Tool = {
  name: 'terraform',
  summary: 'Plans, applies and destroys Terraform workspaces, and writes Terraform.',
  operations: [generate, plan, apply, destroy, output, drift, stateList, validate],
};
