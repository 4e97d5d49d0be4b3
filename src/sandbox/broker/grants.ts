import { type Fault, fault, toFault } from '../../domain/fault.ts';
import type { Grant } from '../../domain/ports/sandbox.ts';
import type { Judgement } from './judgement.ts';
import type { RequestPath } from './request-path.ts';
import { ruleMatches } from './rules.ts';

type Answer = { ok: true } | { ok: false; fault: Fault };

/** A grant while its call runs. */
export type ActiveGrant = {
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  lists(connection: string): boolean;
  /** Secrets that admitted writes may carry. */
  readonly secrets: NonNullable<Grant['write']>['secrets'];
  /** The step that writes. */
  readonly step: string | undefined;
  /** Whether a judged request may pass; asks the gate before the first write and keeps its answer for the call. */
  admits(judgement: Judgement, connection: string, method: string, path: RequestPath): Promise<Answer>;
  end(): void;
};

export function activateGrant(grant: Grant): ActiveGrant {
  const controller = new AbortController();
  let gate: Promise<Answer> | undefined;
  return {
    signal: controller.signal,
    secrets: grant.write?.secrets,
    step: grant.write?.step,
    lists: (connection) => grant.connections.includes(connection),
    async admits(judgement, connection, method, path) {
      if (judgement.verdict === 'read') return { ok: true };
      if (judgement.verdict === 'refuse') return refused(judgement.why);
      const { write } = grant;
      if (write === undefined) return refused(`${judgement.why} This step may only look.`);
      if (!write.rules.some((rule) => ruleMatches(rule, connection, method, path)))
        return refused(`${judgement.why} The approved step does not name ${method} ${path.path}.`);
      gate ??= askGate(write.gate);
      const answer = await gate;
      if (answer.ok && controller.signal.aborted) return refused('The call has ended.');
      if (answer.ok && write.holds?.() === false) return refused('The lease of this step is over.');
      return answer;
    },
    end: () => controller.abort(),
  };
}

/** A gate that breaks refuses. */
async function askGate(gate: () => Promise<Answer>): Promise<Answer> {
  try {
    return await gate();
  } catch (error) {
    return { ok: false, fault: toFault(error) };
  }
}

function refused(why: string): Answer {
  return { ok: false, fault: fault('refused', why) };
}
