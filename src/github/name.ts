import type { ConnectionView, EnvironmentView } from '../domain/environment.ts';

/** A repository by name, behind one connection; whether it exists is not said. */
export type Candidate = { connection: ConnectionView; owner: string; name: string };

/** What a person typed, taken apart. */
export type TypedName = { connection?: string; owner?: string; name: string };

const part = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * Reads `name`, `owner/name`, `connection-id/owner/name` and addresses of GitHub. Undefined for what names nothing.
 */
export function readName(text: string, connections: readonly ConnectionView[]): TypedName | undefined {
  const led = connections.find(({ id }) => text.startsWith(`${id}/`));
  const rest = (led === undefined ? text.trim() : text.slice(led.id.length + 1))
    .replace(/^(https?:\/\/|ssh:\/\/git@|git@)[^/:]+[/:]/, '')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
  const parts = rest.split('/');
  if (parts.length > 2 || !parts.every((each) => part.test(each) && !/^\.+$/.test(each))) return undefined;
  const [first = '', second] = parts;
  const lead = led === undefined ? {} : { connection: led.id };
  return second === undefined ? { ...lead, name: first } : { ...lead, owner: first, name: second };
}

/**
 * The repositories that a typed name may mean, by what the connections hold. One that is listed by name belongs to
 * that connection rather than to one that holds all of its owner's.
 */
export function candidatesFor(typed: TypedName, connections: readonly ConnectionView[]): Candidate[] {
  const found = connections
    .filter(({ id }) => typed.connection === undefined || id === typed.connection)
    .flatMap((connection) =>
      (connection.holds ?? []).flatMap((pattern) => {
        const [owner = '', name = ''] = pattern.split('/');
        const fits = typed.owner === undefined || same(owner, typed.owner);
        if (!fits || (name !== '*' && !same(name, typed.name))) return [];
        return [{ connection, owner, name: name === '*' ? typed.name : name, exact: name !== '*' }];
      }),
    );
  const listed = (each: Candidate) =>
    found.some(({ exact, owner, name }) => exact && same(owner, each.owner) && same(name, each.name));
  const kept = found.filter((each) => each.exact || !listed(each));
  return kept
    .filter((each, at) => kept.findIndex((other) => idOf(other) === idOf(each)) === at)
    .map(({ connection, owner, name }) => ({ connection, owner, name }));
}

export function githubConnections(environments: readonly EnvironmentView[]): ConnectionView[] {
  return environments.flatMap(({ connections }) => connections).filter(({ kind }) => kind === 'github');
}

/** Everything that the connections hold, for people who named something else. */
export function heldInWords(connections: readonly ConnectionView[]): string {
  return connections
    .map(({ environment, holds = [] }) => `${holds.join(', ') || 'nothing'} (${environment})`)
    .join('; ');
}

/** GitHub's names have no case. */
export function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function idOf({ connection, owner, name }: Candidate): string {
  return `${connection.id}/${owner}/${name}`.toLowerCase();
}
