import type { Tool } from '../../domain/operation.ts';
import { run } from './run.ts';

/** Scripts in the step's own sandbox, which has no network. */
export const shell: Tool = {
  name: 'shell',
  summary: 'Runs a shell command in a sandbox without network.',
  operations: [run],
};
