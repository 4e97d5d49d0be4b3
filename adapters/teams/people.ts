import { TeamsInfo, type TurnContext } from 'botbuilder';
import type { Standing } from '../../src/domain/ports/chat-platform.ts';
import { tenantOf } from './inbound.ts';

/** How long what Teams says of somebody is believed, in milliseconds. */
const believedMs = 5 * 60_000;

/** What Teams says of who sent an activity. Throws when it cannot be asked: who is not known to be a member is none. */
export function createPeople(): (context: TurnContext) => Promise<Standing> {
  const known = new Map<string, { standing: Standing; until: number }>();
  return async (context) => {
    const { from } = context.activity;
    const key = `${tenantOf(context.activity)}/${from?.aadObjectId}`;
    const cached = known.get(key);
    if (cached && cached.until > Date.now()) return cached.standing;
    const member = await TeamsInfo.getMember(context, from.id);
    const foreign = member.tenantId !== undefined && member.tenantId !== tenantOf(context.activity);
    const standing: Standing = foreign ? 'stranger' : member.userRole === 'guest' ? 'guest' : 'member';
    if (known.size > 10_000) known.clear();
    known.set(key, { standing, until: Date.now() + believedMs });
    return standing;
  };
}
