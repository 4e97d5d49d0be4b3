import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { clip } from '../../domain/text.ts';
import { all, found, type Octokit } from '../../github/client.ts';
import {
  type Located,
  locateForWrite,
  locateRepository,
  nameOf,
  openRepository,
  placeOf,
  repositoryInput,
  type Unlocated,
} from '../../github/repository.ts';
import { ask } from './ask.ts';

/** Which pull request, in full. */
export const pullInput = repositoryInput.extend({ number: z.number().int().min(1) });
export type PullInput = z.infer<typeof pullInput>;

export type Pull = {
  number: number;
  title: string;
  state: string;
  body?: string | null | undefined;
  html_url: string;
  draft?: boolean | undefined;
  merged_at: string | null;
  user: { login: string } | null;
  head: { ref: string; sha: string; label?: string | null };
  base: { ref: string; sha: string };
  /** GitHub computes it in the background; null meanwhile. */
  mergeable?: boolean | null | undefined;
  mergeable_state?: string | undefined;
  merge_commit_sha?: string | null | undefined;
};

export type LocatedPull = Omit<Located, 'at'> & { at: PullInput; pull: Pull };

/** The one pull request that a request means; without a number the open ones are asked about. */
export async function locatePull(
  request: { repo?: string | undefined; number?: number | undefined },
  reader: Reader,
  verb: string,
  write: boolean,
): Promise<LocatedPull | Unlocated> {
  const located = await (write ? locateForWrite : locateRepository)(
    request,
    reader,
    `${verb} a pull request of`,
  );
  if (located.kind !== 'located') return located;
  const { at, github } = located;
  const { number } = request;
  if (number === undefined) return askPull(github, located, `Which pull request do you want to ${verb}?`);
  const pull = await findPull(github, { ...at, number });
  if (pull !== undefined) return { ...located, at: { ...at, number }, pull };
  return askPull(github, located, `${nameOf(at)} has no pull request #${number}. Which one do you mean?`);
}

/** @throws FaultError `world-changed` when the repository or the pull request is gone. */
export async function openPull(reader: Reader, input: PullInput): Promise<{ github: Octokit; pull: Pull }> {
  const { github } = await openRepository(reader, input);
  const pull = await findPull(github, input);
  if (pull !== undefined) return { github, pull };
  throw new FaultError('world-changed', `${wordsOf(input)} is gone.`);
}

export function wordsOf(input: PullInput): string {
  return `pull request #${input.number} of ${nameOf(input)}`;
}

export async function findPull(github: Octokit, input: PullInput): Promise<Pull | undefined> {
  const asked = { ...placeOf(input), pull_number: input.number };
  return found<Pull>(github.pulls.get(asked), wordsOf(input));
}

async function askPull(github: Octokit, { at }: Located, text: string): Promise<Unlocated> {
  const place = { ...placeOf(at), state: 'open' as const };
  const pulls = await all((paging) => github.pulls.list({ ...place, ...paging }), nameOf(at));
  if (pulls.length === 0) return { kind: 'impossible', reason: `${nameOf(at)} has no open pull requests.` };
  const choices = pulls.map(({ number, title }) => ({
    label: `#${number} ${clip(title, 60)}`,
    value: number,
  }));
  return ask(text, 'number', choices);
}
