import { type Group, groupKey, membersContent, type SignedMembers, withGroups } from '../domain/group.ts';
import type { Person } from '../domain/person.ts';
import type { ChatPlatform } from '../domain/ports/chat-platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { People } from '../engine/engine.ts';
import type { Signer, Verifier } from '../engine/ports.ts';
import type { GroupStore } from '../store/group-store.ts';
import type { Roster } from './live-people.ts';

/** How long a gateway believes what a platform said last, for all but decisions, in milliseconds. */
const believedMs = 10 * 60_000;

/** How long a worker goes by what was signed last, while no gateway signs anew; in milliseconds. */
const keptMs = 24 * 3_600_000;

type Known = Map<string, { members: readonly string[]; at: number }>;

/** People as a gateway sees them: who belongs to a group is asked of its platform, signed and stored for workers. */
export function gatewayPeople(
  roster: () => Roster,
  { platforms, store, signer }: { platforms: readonly ChatPlatform[]; store: GroupStore; signer: Signer },
): People {
  const known: Known = new Map();
  const lookUp = async (group: Group): Promise<void> => {
    const platform = platforms.find(({ name }) => name === group.platform);
    if (!platform) throw new Error(`${group.platform} is not connected.`);
    const now = new Date();
    const members = [...(await platform.groupMembers(group))].sort();
    const key = groupKey(group);
    // A lookup that took its time does not undo a later one.
    if ((known.get(key)?.at ?? 0) <= now.getTime()) known.set(key, { members, at: now.getTime() });
    const content = { group: key, members, at: now.toISOString() };
    await store.save({ ...content, signature: signer.sign(membersContent(content)) });
  };
  return {
    ...directory(roster, () => {
      const since = Date.now() - believedMs;
      return new Map(
        [...known].filter(([, { at }]) => at > since).map(([key, { members }]) => [key, members]),
      );
    }),
    async renew() {
      const { groups } = roster();
      const asked = await Promise.allSettled(groups.map(lookUp));
      const failed = asked.flatMap((each, index) =>
        each.status === 'rejected'
          ? [
              `Who belongs to ${groups[index]?.name} could not be looked up: ${(each.reason as Error).message}`,
            ]
          : [],
      );
      return failed.length === 0 ? undefined : failed.join(' ');
    },
  };
}

/** People as a worker sees them: who belongs to a group is what a gateway has signed last. */
export function workerPeople(
  roster: () => Roster,
  { store, verifier, logger }: { store: GroupStore; verifier: Verifier; logger: Logger },
): People {
  let known = new Map<string, readonly string[]>();
  const genuine = (signed: SignedMembers): boolean => {
    if (Date.now() - Date.parse(signed.at) > keptMs) return false;
    if (verifier.verify(membersContent(signed), signed.signature)) return true;
    logger.error(
      { group: signed.group },
      'the members of a group were not signed by a gateway: nobody is one',
    );
    return false;
  };
  return {
    ...directory(roster, () => known),
    async renew() {
      if (roster().groups.length === 0) return undefined;
      const signed = (await store.load()).filter(genuine);
      known = new Map(signed.map(({ group, members }) => [group, members]));
      return undefined;
    },
  };
}

function directory(
  roster: () => Roster,
  members: () => ReadonlyMap<string, readonly string[]>,
): Omit<People, 'renew'> {
  const all = (): readonly Person[] => {
    const { people, groups } = roster();
    return groups.length === 0 ? people : withGroups(people, groups, members());
  };
  return { find: (name) => all().find((person) => person.name === name), all };
}
