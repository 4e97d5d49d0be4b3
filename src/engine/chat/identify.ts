import { FaultError } from '../../domain/fault.ts';
import { type Person, type Principal, principalKey, samePrincipal } from '../../domain/person.ts';
import type { Standing } from '../../domain/ports/chat-platform.ts';
import type { Engine } from '../engine.ts';

/** The configured person behind an identity on a chat platform; undefined for a stranger. */
export function personBehind(engine: Pick<Engine, 'people'>, from: Principal): Person | undefined {
  return engine.people.all().find(({ principals }) => principals.some((each) => samePrincipal(each, from)));
}

/** The person, or FaultError `not-allowed` with what to do about it. */
export function knownPerson(engine: Pick<Engine, 'people'>, from: Principal, standing: Standing): Person {
  const person = personBehind(engine, from);
  if (!person) throw new FaultError('not-allowed', notKnown(principalKey(from)));
  if (standing !== 'member' && !person.guest) {
    const who = standing === 'guest' ? 'a guest' : 'of another organisation';
    throw new FaultError(
      'not-allowed',
      `You are ${who} here. An admin can allow it with \`guest: true\` on ${person.name}.`,
    );
  }
  return person;
}

/** For whoever no person is configured for. `key` is how they are told apart: platform, team, user. */
export function notKnown(key: string): string {
  const [platform, id] = key.split(/:(.*)/s);
  return `I do not know you, so I can only help. An admin can add \`${platform}: ${id}\` to a person in reign.yaml.`;
}
