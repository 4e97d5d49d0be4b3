import type { AnyOperation, Tool } from '../../domain/operation.ts';
import { proposing } from './propose.ts';

/** Stands in for operations of other tools where an environment takes pull requests alone. */
export function createGitops(operations: readonly AnyOperation[]): Tool {
  return {
    name: 'gitops',
    summary: 'Changes of clusters as pull requests, where an environment says so.',
    operations: [proposing(operations)],
  };
}
