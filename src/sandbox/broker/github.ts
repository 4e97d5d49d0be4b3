import { type JudgedRequest, type Judgement, needsRule, read, refuse } from './judgement.ts';

/** Paths besides repositories that only show something. */
const readable = new Set(['user', 'rate_limit', 'meta']);

/**
 * Judges a request to GitHub's REST API. Only repositories that the connection holds are reached, GET and HEAD for
 * reading; a repository is made only where the connection holds all of its owner's.
 */
export function judgeGithub({ method, path }: JudgedRequest, holds: readonly string[]): Judgement {
  const [first = '', owner = '', name] = path.segments;
  const looks = method === 'GET' || method === 'HEAD';
  if (!looks && !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method))
    return refuse(`${method} is not passed on.`);
  if (first === 'repos' && name !== undefined) {
    if (!holdsRepository(holds, owner, name))
      return refuse(`${owner}/${name} is none of this connection's repositories (${holds.join(', ')}).`);
    return looks ? read : needsRule('It changes something on GitHub.');
  }
  if (looks && readable.has(first) && path.segments.length === 1) return read;
  if (looks && (first === 'orgs' || first === 'users') && path.segments.length <= 3) {
    const shows = name === undefined || name === 'repos';
    if (shows && holdsOwner(holds, owner)) return read;
  }
  const creates = method === 'POST' && name !== undefined && name === 'repos' && path.segments.length === 3;
  if (creates && first === 'orgs' && holdsOwner(holds, owner)) return needsRule('It makes a repository.');
  if (method === 'POST' && path.path === '/user/repos' && holds.some((each) => each.endsWith('/*')))
    return needsRule('It makes a repository.');
  return refuse('This path of the GitHub API is not passed on.');
}

/** The repository that a request is about, as `owner/name`. */
export function repositoryOf({ path }: JudgedRequest): string | undefined {
  const [first, owner = '', name] = path.segments;
  return first === 'repos' && name !== undefined ? `${owner}/${name}` : undefined;
}

/** Whether a list of `owner/name` and `owner/*` names a repository; GitHub's names have no case. */
export function holdsRepository(holds: readonly string[], owner: string, name: string): boolean {
  const wanted = `${owner}/${name}`.toLowerCase();
  return holdsOwner(holds, owner) || holds.some((each) => each.toLowerCase() === wanted);
}

function holdsOwner(holds: readonly string[], owner: string): boolean {
  return holds.some((each) => each.toLowerCase() === `${owner.toLowerCase()}/*`);
}
