import type { Standing } from '../../src/domain/ports/chat-platform.ts';
import type { WebClient } from './client.ts';

/** How long what Slack says of somebody is believed, in milliseconds. */
const believedMs = 5 * 60_000;

type Known = { standing: Standing; until: number };

/**
 * What Slack says of people: members, guests, strangers of another workspace. Throws when Slack cannot be asked: who is
 * not known to be a member is not treated as one.
 */
export function createPeople(
  client: WebClient,
  team: () => string,
): (user: string, of?: string) => Promise<Standing> {
  const known = new Map<string, Known>();
  return async (user, of) => {
    if (of !== undefined && of !== team()) return 'stranger';
    const cached = known.get(user);
    if (cached && cached.until > Date.now()) return cached.standing;
    const { user: found } = await client.users.info({ user });
    const stranger =
      found?.is_stranger === true || (found?.team_id !== undefined && found.team_id !== team());
    const guest = found?.is_restricted === true || found?.is_ultra_restricted === true;
    const standing: Standing = stranger ? 'stranger' : guest ? 'guest' : 'member';
    if (known.size > 10_000) known.clear();
    known.set(user, { standing, until: Date.now() + believedMs });
    return standing;
  };
}
