import type { Tool } from '../../domain/operation.ts';
import { apply } from './apply.ts';
import { destroy } from './destroy.ts';
import { plan } from './plan.ts';

/** Infrastructure as Terraform's files describe it. */
export const terraform: Tool = {
  name: 'terraform',
  summary: 'Plans, applies and destroys Terraform workspaces, and writes Terraform.',
  operations: [plan, apply, destroy],
};
