import { FaultError } from '../domain/fault.ts';

/**
 * The headers that make a request to a cluster one of the person who asked. Only the broker adds them.
 * @throws FaultError `not-allowed` in words: rights there are one person's.
 */
export function actingAs(
  connectionId: string,
  people: readonly string[],
  { groups }: { groups: readonly string[] },
  nameInClusters: (person: string) => string | undefined,
): Record<string, string | string[]> {
  const [person, ...others] = people;
  if (person === undefined || others.length > 0) {
    const who = person === undefined ? 'nobody is known to have' : `${people.join(' and ')} have`;
    const how = 'let one of them ask for it alone, in a thread of their own';
    throw new FaultError(
      'not-allowed',
      `Steps act on ${connectionId} as the person who asks, and ${who} asked for this: ${how}.`,
    );
  }
  const name = nameInClusters(person);
  if (name === undefined) {
    const how = `give ${person} a \`kubernetes\` name below people in reign.yaml`;
    throw new FaultError(
      'not-allowed',
      `Steps act on ${connectionId} as the person who asks, and ${person} has no name there: ${how}.`,
    );
  }
  return { 'impersonate-user': name, ...(groups.length === 0 ? {} : { 'impersonate-group': [...groups] }) };
}
