import { FaultError } from '../../domain/fault.ts';
import type { Octokit } from '../../github/client.ts';
import { entriesAt, textOfBlob } from '../../github/files.ts';
import { nameOf, type RepositoryInput } from '../../github/repository.ts';

/** A file of the delivered folder: its text now, and the blob that it was read from (null: it is new). */
export type SourceFile = { path: string; mode: string; sha: string | null; text: string };

/** The YAML files of a folder by path, and where charts lie. */
export type Folder = { path: string; words: string; files: Map<string, SourceFile>; charts: string[] };

const mostFiles = 300;

/** Reads every YAML file below a path, as one commit has it. @throws FaultError `too-large` for more than 300. */
export async function readFolder(
  github: Octokit,
  input: RepositoryInput & { base: string; path: string },
  commit: string,
): Promise<Folder> {
  const { path } = input;
  const words = `${path === '' ? '' : `${path} of `}${nameOf(input)} (${input.base})`;
  const entries = [...(await entriesAt(github, input, commit)).values()].filter(
    (entry) => (path === '' || entry.path.startsWith(`${path}/`)) && /\.ya?ml$/.test(entry.path),
  );
  if (entries.length > mostFiles) {
    const message = `Below ${words} lie ${entries.length} YAML files, more than ${mostFiles}: point gitops.path at a smaller folder.`;
    throw new FaultError('too-large', message);
  }
  const files = await Promise.all(
    entries.map(async ({ path, mode, sha }) => {
      return { path, mode, sha, text: await textOfBlob(github, input, sha) };
    }),
  );
  const charts = entries.filter((entry) => /(^|\/)Chart\.ya?ml$/.test(entry.path)).map((entry) => entry.path);
  return { path, words, files: new Map(files.map((file) => [file.path, file])), charts };
}
