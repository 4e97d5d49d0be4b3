import type Dockerode from 'dockerode';
import type { Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type DaemonInput, dockerName, locateDaemon, question } from './place.ts';

/** Where a named thing shall be made, and how it is called; a name that is taken is impossible. */
export async function nameNew(
  request: { name?: string | undefined; environment?: string | undefined },
  reader: Reader,
  noun: string,
  exists: (docker: Dockerode, name: string, where: string) => Promise<boolean>,
): Promise<Resolution<DaemonInput & { name: string }>> {
  const placed = await locateDaemon(request.environment, reader);
  if (placed.kind !== 'placed') return placed;
  const name = request.name?.trim() ?? '';
  if (name === '') return question('name', `What shall the ${noun} be called?`);
  const problem = nameProblem(name, noun);
  if (problem !== undefined) return { kind: 'impossible', reason: problem };
  const { at, docker } = placed;
  if (!(await exists(docker, name, at.environment))) return { kind: 'input', input: { ...at, name } };
  return { kind: 'impossible', reason: `There is a ${noun} ${name} in ${at.environment} already.` };
}

/** Why Docker would not take the name, in words. */
export function nameProblem(name: string, noun: string): string | undefined {
  if (dockerName.safeParse(name).success) return undefined;
  return `"${name}" is no name of a ${noun}: letters, digits, "_", "." and "-", 2 to 63 of them, a letter or digit first.`;
}
