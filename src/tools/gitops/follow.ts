import type { AnyOperation, Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openRepository } from '../../github/repository.ts';
import type { ProposalInput } from './proposal.ts';
import { type Pull, pullInWords, pullOf } from './pull.ts';

const longestPause = 5000;

/**
 * Waits until the pull request is merged and the cluster is as it wants it, each for the configured time at most, and
 * then follows what that has begun. A proposal that is still open is `pending`, not failed.
 */
export async function follow(
  operation: AnyOperation,
  input: ProposalInput,
  reader: Reader,
  idempotencyKey: string,
): Promise<Verification> {
  const { github } = await openRepository(reader, input);
  for (let pause = 500; ; pause = Math.min(longestPause, pause * 1.5)) {
    const pull = await pullOf(github, input, idempotencyKey);
    if (pull === undefined) return { state: 'failed', evidence: 'The pull request is not there.' };
    const seen = await lookAt(operation, input, reader, pull);
    if (seen.state !== 'waiting') return seen;
    reader.report(seen.evidence);
    await reader.sleep(pause);
  }
}

type Seen = Verification | { state: 'waiting'; evidence: string };

async function lookAt(
  operation: AnyOperation,
  input: ProposalInput,
  reader: Reader,
  pull: Pull,
): Promise<Seen> {
  const words = pullInWords(pull);
  const over = (since: string) => reader.now().getTime() - Date.parse(since) > input.waitSeconds * 1000;
  if (pull.merged_at === null) {
    if (pull.state !== 'open')
      return { state: 'failed', evidence: `${words} was closed without being merged.` };
    if (!over(pull.created_at)) return { state: 'waiting', evidence: `${words} waits to be merged.` };
    const evidence = `${words} is open. Nothing has changed in ${input.environment} yet: somebody has to merge it, or close it.`;
    return { state: 'pending', evidence };
  }
  const left = await operation.delivered?.changes(input.change as never, reader);
  if (left?.length !== 0) {
    const evidence = `${words} is merged, and ${input.environment} does not follow it yet`;
    if (!over(pull.merged_at)) return { state: 'waiting', evidence: `${evidence}.` };
    return {
      state: 'pending',
      evidence: `${evidence}: look at what delivers ${input.path || 'the repository'}.`,
    };
  }
  const verified = await operation.delivered?.verify(input.change as never, reader);
  if (verified === undefined) return { state: 'unclear', evidence: `${words} is merged.` };
  return {
    ...verified,
    evidence: `${words} is merged, and ${input.environment} follows it: ${verified.evidence}`,
  };
}
