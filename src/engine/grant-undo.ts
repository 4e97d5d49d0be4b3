import { toFault } from '../domain/fault.ts';
import { decide } from './decide.ts';
import type { GatewayEngine } from './engine.ts';
import { undoHourRefusal } from './undo-hour.ts';

/**
 * Lets the requester's undo of their own plan start without another's approval, while the undo hour lasts and the
 * world is as the plan left it (which its preview has just found). Where that does not hold, the card stays open.
 */
export async function grantUndo(engine: GatewayEngine, planId: string): Promise<void> {
  const record = await engine.store.queries.plan(planId);
  const { plan } = record ?? {};
  if (plan?.state !== 'waiting-for-approval' || !plan.undoOf || plan.undoVia === 'words') return;
  const original = await engine.store.queries.plan(plan.undoOf);
  const hourSeconds = engine.limits.undoHourSeconds;
  if (record && undoHourRefusal(record, original, { now: engine.clock.now(), hourSeconds })) return;
  const { revision, requester } = plan;
  await decide(engine, { planId, revision, person: requester, verdict: 'approve', via: 'undo-hour' }).catch(
    (error: unknown) => engine.logger.info({ plan: planId, reason: toFault(error).message }, 'no undo hour'),
  );
}
