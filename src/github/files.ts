import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FaultError } from '../domain/fault.ts';
import { type Octokit, said } from './client.ts';
import { nameOf, placeOf, type RepositoryInput } from './repository.ts';

/** Where a file is in a repository: no way out of it, nor into git's own folder. */
export const filePath = z
  .string()
  .max(300)
  .regex(/^[\w.@+-]+(\/[\w.@+-]+)*$/, 'expected a path like docs/guide.md')
  .refine(
    (path) => !path.split('/').some((part) => /^(\.|\.\.|\.git)$/i.test(part)),
    'expected a path of a file',
  );

/** A file as it shall be; null takes it away. */
export const fileText = z.strictObject({ path: filePath, content: z.string().max(500_000).nullable() });
export type FileText = z.infer<typeof fileText>;

/** A file as git has it: its mode and the hash of its content; null where there is none. */
export type FileEntry = { path: string; mode: string; sha: string } | null;

/** The files of a commit by path. */
export async function entriesAt(
  github: Octokit,
  input: RepositoryInput,
  commit: string,
): Promise<ReadonlyMap<string, NonNullable<FileEntry>>> {
  const asked = { ...placeOf(input), tree_sha: commit, recursive: '1' };
  const { tree, truncated } = await said(github.git.getTree(asked), `files of ${nameOf(input)}`);
  if (truncated === true)
    throw new FaultError('too-large', `${nameOf(input)} has too many files to be changed from here.`);
  const files = tree.filter(({ type }) => type === 'blob' || type === 'commit');
  return new Map(files.map(({ path = '', mode = '100644', sha = '' }) => [path, { path, mode, sha }]));
}

/** The hash that git gives to a file's content. */
export function blobOf(content: string): string {
  const bytes = Buffer.from(content, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The text of a blob, or what stands for one that is no text. */
export async function textOfBlob(github: Octokit, input: RepositoryInput, sha: string): Promise<string> {
  const { content } = await said(
    github.git.getBlob({ ...placeOf(input), file_sha: sha }),
    `a file of ${nameOf(input)}`,
  );
  const bytes = Buffer.from(content, 'base64');
  return bytes.includes(0) ? `(${bytes.length} bytes that are no text)` : bytes.toString('utf8');
}
