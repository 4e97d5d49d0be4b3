import type { Assessment } from '../../domain/risk.ts';
import { writeParts } from '../../github/guarded-write.ts';
import { assessRepository } from '../../github/repository.ts';
import type { Run, RunInput } from './run.ts';

/** How long a run is followed. */
export const patienceMilliseconds = 50 * 60_000;

/** The members that every change of a run shares. */
export const runWriteParts = { ...writeParts, limits: { seconds: 3600, memoryMb: 256 } };

/** What an approval is bound to: the attempt, its code, and how it stands. */
export function fingerprintOf(
  { repositoryId }: RunInput,
  { id, run_attempt = 1, head_sha, status, conclusion }: Run,
) {
  return {
    repositoryId,
    run: id,
    attempt: run_attempt,
    commit: head_sha,
    ended: status === 'completed' ? (conclusion ?? 'completed') : null,
  };
}

export function assessRun(
  input: RunInput,
  effect: 'run-code' | 'update',
  reasons: readonly string[],
): Assessment {
  return assessRepository(input, effect, [`run/${input.run}`], reasons);
}
