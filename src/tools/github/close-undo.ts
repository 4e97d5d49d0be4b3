import { FaultError } from '../../domain/fault.ts';
import type { UndoContract } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Octokit, said } from '../../github/client.ts';
import { computedPreview, isMarked } from '../../github/guarded-write.ts';
import { nameOf, openRepository, placeOf, type RepositoryInput } from '../../github/repository.ts';

/** An issue or a pull request. */
export type Thread = {
  number: number;
  title: string;
  state: string;
  body?: string | null | undefined;
  html_url: string;
  comments?: number | undefined;
  pull_request?: object | undefined;
  merged_at?: string | null | undefined;
};

/** The newest issue or pull request before the write: what was made has a higher number. */
export type ThreadUndo = { after: number };

export type Closable<Input extends RepositoryInput> = {
  noun: string;
  /** Those that the write may have made, of any state. */
  candidates(github: Octokit, input: Input): Promise<readonly Thread[]>;
  close(github: Octokit, input: Input, number: number): Promise<{ status: number; data: unknown }>;
  /** What others have done with it that closing would brush aside. */
  inUse(github: Octokit, input: Input, thread: Thread): Promise<string | undefined>;
};

/** Undo of what opens an issue or a pull request: it is closed, while nobody else works with it. */
export function closeUndo<Input extends RepositoryInput>(
  what: Closable<Input>,
): UndoContract<Input, ThreadUndo> {
  return {
    kind: 'reversible',
    async capture(input, reader) {
      const { github } = await openRepository(reader, input);
      return { after: (await newestThreads(github, input))[0]?.number ?? 0 };
    },
    async previewRestore(input, undo, reader) {
      const { thread } = await made(what, input, undo, reader);
      const view = thread && { number: thread.number, title: thread.title };
      const open = thread?.state === 'open';
      return computedPreview(input.repositoryId, {
        before: view ? { ...view, state: thread.state } : null,
        after: view ? { ...view, state: 'closed' } : null,
        fingerprint: { repositoryId: input.repositoryId, number: thread?.number ?? null, open },
        summary: open ? `closes ${what.noun} #${thread.number}` : 'Already closed.',
      });
    },
    async restore(input, undo, writer) {
      const { github, thread } = await made(what, input, undo, writer);
      if (thread?.state !== 'open') return;
      await said(
        what.close(github, input, thread.number),
        `${what.noun} #${thread.number} of ${nameOf(input)}`,
      );
    },
    async verifyRestored(input, undo, reader) {
      const { thread } = await made(what, input, undo, reader);
      const evidence = thread
        ? `${what.noun} #${thread.number} is ${thread.state}.`
        : `There is no such ${what.noun}.`;
      return { state: thread?.state === 'open' ? 'failed' : 'healthy', evidence };
    },
  };
}

/** The hundred newest issues and pull requests. */
export async function newestThreads(github: Octokit, input: RepositoryInput): Promise<Thread[]> {
  const order = { state: 'all' as const, sort: 'created' as const, direction: 'desc' as const };
  const asked = { ...placeOf(input), ...order, per_page: 100 };
  const threads: Thread[] = await said(github.issues.listForRepo(asked), `issues of ${nameOf(input)}`);
  return [...threads].sort((a, b) => b.number - a.number);
}

/** What the write made. @throws FaultError `world-changed` when it can't be told, or others work with it. */
async function made<Input extends RepositoryInput>(
  what: Closable<Input>,
  input: Input,
  { after }: ThreadUndo,
  reader: Reader,
): Promise<{ github: Octokit; thread: Thread | undefined }> {
  const { github } = await openRepository(reader, input);
  const ours = (await what.candidates(github, input)).filter(
    ({ number, body }) => number > after && isMarked(body),
  );
  const [thread, ...others] = ours;
  if (others.length > 0) {
    const numbers = ours.map(({ number }) => `#${number}`).join(', ');
    throw new FaultError(
      'world-changed',
      `Which ${what.noun} was made can't be told: ${numbers}. None was closed.`,
    );
  }
  const used = thread && (await what.inUse(github, input, thread));
  if (used !== undefined)
    throw new FaultError('world-changed', `${what.noun} #${thread?.number} ${used}. It is left as it is.`);
  return { github, thread };
}
