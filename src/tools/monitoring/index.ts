import type { Tool } from '../../domain/operation.ts';
import { check } from './check.ts';

/** What Reign can see of a service from outside. */
export const monitoring: Tool = {
  name: 'monitoring',
  summary: 'Checks whether addresses answer.',
  operations: [check],
};
