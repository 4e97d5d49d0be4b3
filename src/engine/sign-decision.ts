import { type Decision, type DecisionVia, decisionContent, type Verdict } from '../domain/approval.ts';
import { newId } from '../domain/ids.ts';
import { canonicalJson } from '../domain/json.ts';
import type { Plan } from '../domain/plan.ts';
import type { GatewayEngine } from './engine.ts';
import type { Transaction } from './ports.ts';

/** A decision on a plan as it stands now, with the gateway's signature over all of it. */
export function signDecision(
  engine: GatewayEngine,
  tx: Transaction,
  plan: Plan,
  { person, verdict, via, reason }: { person: string; verdict: Verdict; via: DecisionVia; reason?: string },
): Decision {
  const content = decisionContent({
    id: newId('d'),
    planId: plan.id,
    revision: plan.revision,
    digest: plan.digest,
    person,
    verdict,
    via,
    at: tx.now.toISOString(),
    ...(reason ? { reason: reason.slice(0, 1000) } : {}),
  });
  return { ...content, signature: engine.signer.sign(canonicalJson(content)) };
}
