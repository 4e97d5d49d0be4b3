import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
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
  /** Who asked for it. */
  readonly people: readonly string[];
  /** The step that writes. */
  readonly step: string | undefined;
  readonly plan: string | undefined;
  /** Whether the call is there to write; what it is given is then asked of the gate. */
  readonly writes: boolean;
  /** Whether a judged request may pass; asks the gate before the first write and keeps its answer for the call. */
  admits(judgement: Judgement, connection: string, method: string, path: RequestPath): Promise<Answer>;
  /** The server took a write that was admitted. */
  landed(): void;
  /** Handles a request, which comes over a socket, as part of the call that the grant is for. */
  within(work: () => Promise<void>): Promise<void>;
  end(): void;
};

export function activateGrant(grant: Grant, plan?: string): ActiveGrant {
  const controller = new AbortController();
  // Each tunnel listens, and there may be dozens.
  setMaxListeners(0, controller.signal);
  let gate: Promise<Answer> | undefined;
  return {
    signal: controller.signal,
    secrets: grant.write?.secrets,
    step: grant.write?.step,
    plan,
    writes: grant.write !== undefined,
    people: grant.people ?? [],
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
    landed: () => grant.write?.landed?.(),
    within: AsyncResource.bind((work: () => Promise<void>) => work()),
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
