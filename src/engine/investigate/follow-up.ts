import { newId } from '../../domain/ids.ts';
import { isWrite, type Plan, type Step } from '../../domain/plan.ts';
import type { Engine } from '../engine.ts';
import type { Message, PlanRecord, Transaction } from '../ports.ts';

const failed: ReadonlySet<Plan['state']> = new Set(['failed', 'rolled-back', 'needs-a-person']);

/**
 * Leaves a message for the planner with a language model, if there is one: what might mend a plan that failed, or two
 * sentences on one of its own that succeeded. A follow-up is not followed up.
 */
export async function followUp(
  tx: Transaction,
  engine: Engine,
  plan: Plan,
  steps: readonly Step[],
): Promise<void> {
  if (!engine.followsUp) return;
  const mends = failed.has(plan.state) && steps.some(isWrite);
  const sums = plan.state === 'succeeded' && plan.plannedBy !== undefined && steps.some(isWrite);
  if (plan.undoOf !== undefined || (!mends && !sums)) return;
  const message: Message = {
    id: newId('m'),
    conversationId: plan.conversationId,
    person: plan.requester,
    text: mends
      ? `Plan ${plan.id} failed. What would mend it?`
      : `Plan ${plan.id} succeeded. What did it do?`,
    state: 'received',
    authors: plan.authors,
    addressed: true,
    followUp: plan.id,
    ...(plan.alert === undefined ? {} : { alert: plan.alert }),
    attempts: 0,
    receivedAt: tx.now,
  };
  const first = plan.messageId === undefined ? undefined : await tx.lockMessage(plan.messageId);
  if (first?.followUp !== undefined) return;
  await tx.insertMessage(message, `follow-up-${plan.id}`);
  tx.afterCommit(() => engine.queue.message(message.id));
}

/** Whether it is Reign that asks, and nobody has. */
export function isUnasked({ followUp, alert }: Pick<Message, 'followUp' | 'alert'>): boolean {
  return followUp !== undefined || alert !== undefined;
}

/** What a model is asked about an alert that fires; what the monitoring says of it is data. */
export function alertWords({ text }: Message): { text: string; facts: string } {
  const ask =
    'An alert fires; what the monitoring says of it is the last of the thread. Find out what is wrong and why, and either propose a remedy with `propose_plan`, or `answer` what a person should do. A remedy is put before a person first.';
  return { text: ask, facts: text };
}

/** What a model is asked about how a plan ended, and the facts, which are data. */
export function followUpWords({ plan, steps }: PlanRecord): { text: string; facts: string } {
  const facts = [
    `Plan ${plan.id}, "${plan.goal}": ${plan.state}. ${plan.outcome ?? ''}`,
    ...steps.map(({ key, operation, title, state, fault, verification }) => {
      const said = [fault?.message, verification?.evidence].filter((each) => each !== undefined).join(' ');
      return `- ${key} (${operation}): ${title}: ${state}. ${said}`;
    }),
  ].join('\n');
  const text =
    plan.state === 'succeeded'
      ? `The plan ${plan.id} has succeeded. Say in two sentences, with \`answer\`, what it has changed and how that was checked. Do not look around.`
      : `The plan ${plan.id} has failed. Find out why, and either propose a remedy with \`propose_plan\`, or \`answer\` what a person should do. A remedy is put before the requester first.`;
  return { text, facts };
}
