import type { GitopsView } from '../domain/environment.ts';
import { durationSeconds } from './duration.ts';
import type { PathProblem } from './issues.ts';
import type { NamedEnvironment } from './named-parts.ts';
import type { RawConfig } from './schema.ts';

type RawEnvironment = RawConfig['environments'][string];

/** Where changes are proposed, with what the configuration leaves out filled in; undefined where they are made. */
export function gitopsOf(
  environment: string,
  { writes, gitops, github }: RawEnvironment,
): GitopsView | undefined {
  if (writes !== 'pull-request' || gitops === undefined) return undefined;
  const { repository, branch = 'main', path = '', wait = '30m' } = gitops;
  const holds = Object.entries(github ?? {}).map(([name, { repositories }]) => ({ name, repositories }));
  const connection = `github:${environment}/${holderOf(holds, repository) ?? ''}`;
  return { connection, repository, branch, path, waitSeconds: durationSeconds(wait) };
}

/** What the shape cannot tell: one of the two alone, and a repository that nothing of the environment holds. */
export function gitopsProblems({ name, writes, gitops, github }: NamedEnvironment): PathProblem[] {
  const say = (field: 'writes' | 'gitops', message: string) => [
    { path: ['environments', name, field], message: `environments.${name}.${field}: ${message}` },
  ];
  if (writes === 'pull-request' && gitops === undefined)
    return say('writes', 'pull-request needs gitops: { repository: owner/name } besides');
  if (gitops === undefined) return [];
  if (writes !== 'pull-request') return say('gitops', 'it is used with writes: pull-request alone');
  const { repository } = gitops;
  if (repository === undefined || holderOf(github, repository) !== undefined) return [];
  return say('gitops', `no github of ${name} lists the repository ${repository}`);
}

/** Environments that would be delivered from the same files: what is approved for one would change the other. */
export function gitopsOverlaps(environments: readonly NamedEnvironment[]): PathProblem[] {
  const folders = environments.flatMap(({ name, gitops }) => {
    if (gitops?.repository === undefined) return [];
    const { repository, branch = 'main', path = '' } = gitops;
    return [{ name, tree: `${repository.toLowerCase()} ${branch}`, path: path === '' ? '' : `${path}/` }];
  });
  return folders.flatMap((one, index) =>
    folders
      .slice(0, index)
      .filter(
        ({ tree, path }) => tree === one.tree && (path.startsWith(one.path) || one.path.startsWith(path)),
      )
      .map(({ name }) => ({
        path: ['environments', one.name, 'gitops', 'path'],
        message: `environments.${one.name}.gitops.path: it overlaps that of ${name} in the same repository and branch: give each environment a folder of its own`,
      })),
  );
}

/** The connection that lists a repository by name, else one that holds all of its owner's; names have no case. */
function holderOf(
  holders: readonly { name: string; repositories: readonly string[] }[],
  repository: string,
): string | undefined {
  const wanted = repository.toLowerCase();
  const holds = (pattern: string) =>
    holders.find(({ repositories }) => repositories.some((each) => each.toLowerCase() === pattern))?.name;
  return holds(wanted) ?? holds(`${wanted.split('/')[0]}/*`);
}
