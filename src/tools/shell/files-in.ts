import type { ConnectionView, EnvironmentView } from '../../domain/environment.ts';
import { findEnvironment } from '../../domain/environment.ts';
import type { Question } from '../../domain/operation.ts';

/** A folder of a folder connection, below `path`. */
export type FilesIn = { connection: string; path: string };

export type FilesFound =
  | { kind: 'files'; files: FilesIn; environment: string }
  | { kind: 'question'; question: Question }
  | { kind: 'impossible'; reason: string };

/** The configured folder that "jobs" or "jobs/nightly" means; in an environment, where one is named. */
export function findFiles(
  said: string,
  environments: readonly EnvironmentView[],
  environment: string | undefined,
): FilesFound {
  const [name = '', ...parts] = said
    .trim()
    .replace(/^\.?\/+|\/+$/g, '')
    .split('/');
  const folders = environments
    .flatMap(({ connections }) => connections)
    .filter(({ kind }) => kind === 'folder');
  if (folders.length === 0)
    return {
      kind: 'impossible',
      reason: 'No folder is configured. Add one under `folders` of an environment in reign.yaml.',
    };
  if (parts.some((part) => part === '..' || part === ''))
    return { kind: 'impossible', reason: `"${said}" is no path below a configured folder.` };
  const place = environment === undefined ? undefined : findEnvironment(environments, environment)?.name;
  const near = folders.filter((each) => environment === undefined || each.environment === place);
  const found = near.filter((each) => each.name === name);
  const [only, ...others] = found;
  if (only && others.length === 0) {
    const files = { connection: only.id, path: parts.join('/') };
    return { kind: 'files', files, environment: only.environment };
  }
  const text = only
    ? `Several folders are called "${name}". Which one do you mean?`
    : `There is no folder "${name}". Which one do you mean?`;
  const options = (only ? found : near).slice(0, 10).map((each) => optionFor(each, only ? parts : []));
  return options.length === 0
    ? { kind: 'impossible', reason: `${environment ?? 'It'} has no folder of files.` }
    : { kind: 'question', question: { text, field: 'files', options } };
}

function optionFor({ name, environment }: ConnectionView, parts: readonly string[]) {
  const files = [name, ...parts].join('/');
  return { label: `${files} of ${environment}`, patch: { files, environment } };
}
