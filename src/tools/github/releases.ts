import { found, type Octokit } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput } from '../../github/repository.ts';

export type Release = {
  id: number;
  tag_name: string;
  name: string | null;
  html_url: string;
  body?: string | null | undefined;
  draft: boolean;
  prerelease: boolean;
  published_at: string | null;
  assets: readonly unknown[];
};

/** The release of a tag, if there is one. */
export function releaseOf(
  github: Octokit,
  input: RepositoryInput,
  tag: string,
): Promise<Release | undefined> {
  const asked = { ...placeOf(input), tag };
  return found<Release>(github.repos.getReleaseByTag(asked), `release ${tag} of ${nameOf(input)}`);
}

/** The newest that is no draft and no pre-release. */
export function latestRelease(github: Octokit, input: RepositoryInput): Promise<Release | undefined> {
  return found<Release>(github.repos.getLatestRelease(placeOf(input)), `releases of ${nameOf(input)}`);
}

/** What may follow a version: the next patch, minor and major; the first ones where there is none. */
export function nextVersions(tag: string | undefined): string[] {
  const match = /^(v?)(\d+)\.(\d+)\.(\d+)$/.exec(tag ?? '');
  if (match === null) return tag === undefined ? ['v0.1.0', 'v1.0.0'] : [];
  const [, lead, major, minor, patch] = match;
  return [
    `${lead}${major}.${minor}.${Number(patch) + 1}`,
    `${lead}${major}.${Number(minor) + 1}.0`,
    `${lead}${Number(major) + 1}.0.0`,
  ];
}
