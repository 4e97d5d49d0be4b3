import type { Alert } from '../../domain/alert.ts';
import { type AlertRule, parametersFor, ruleFor } from '../../domain/alert-rule.ts';
import { newId } from '../../domain/ids.ts';
import { canonicalJson, type Json, sha256 } from '../../domain/json.ts';
import { fillRunbook, type Runbook } from '../../domain/runbook.ts';
import { clip } from '../../domain/text.ts';
import type { GatewayEngine } from '../engine.ts';
import { replyKey } from '../entries.ts';
import type { Message, MessageDraft, Transaction } from '../ports.ts';

export type AlertStarts = { rules: readonly AlertRule[]; runbooks: readonly Runbook[] };

/** For how long the same is not started again, in milliseconds, and what one rule may start in that time. */
const quietFor = 3_600_000;
const mostStarts = 5;

/**
 * Starts what is configured for an alert that fires, in its thread and in the name of the configured person. It asks
 * for a plan as a person would: admission, previews and approvals are the same, and the plan says that an alert
 * started it, so that somebody else than that person must approve it.
 */
export async function startForAlert(
  tx: Transaction,
  engine: GatewayEngine,
  conversationId: string,
  alert: Alert,
  { rules, runbooks }: AlertStarts,
): Promise<void> {
  const rule = alert.firing ? ruleFor(rules, alert.labels) : undefined;
  if (!rule || (rule.act === 'investigate' && !engine.llm)) return;
  const say = (text: string) => {
    tx.entry({ conversationId, key: noticeKey(alert), kind: 'notice', body: { text } });
    tx.audit('messages', 'alert.start', 'monitoring', {
      conversation: conversationId,
      alert: alert.name,
      text,
    });
  };
  const wanted = rule.act === 'runbook' ? draftFor(rule, alert, runbooks) : undefined;
  if (wanted && 'problem' in wanted) return say(wanted.problem);
  const rulePart = `alert:${short(rule as unknown as Json)}:`;
  const same = `${rulePart}${short((wanted?.draft.draft.steps ?? conversationId) as unknown as Json)}:`;
  const lately = await tx.messageKeys(rulePart, new Date(tx.now.getTime() - quietFor));
  if (lately.some((key) => key.startsWith(same))) return;
  if (lately.length >= mostStarts)
    return say(
      `Nothing was started: this rule has started ${mostStarts} times within the hour. Ask for it yourself.`,
    );
  const message = messageFor(tx, conversationId, alert, rule, wanted?.draft);
  if (!(await tx.insertMessage(message, `${same}${alert.fingerprint}-${alert.startsAt.getTime()}`))) return;
  const what = rule.act === 'runbook' ? `the runbook ${rule.runbook} starts` : 'an investigation starts';
  say(`Because of this alert ${what}, in the name of ${rule.as}.`);
  tx.entry({ conversationId, key: replyKey(message.id), kind: 'working', body: { text: 'Looking at it…' } });
  const { id } = message;
  tx.afterCommit(() => (wanted ? engine.queue.prepare(id) : engine.queue.message(id)));
}

function noticeKey({ fingerprint, startsAt }: Alert): string {
  return `alert-start-${fingerprint}-${startsAt.getTime()}`;
}

function draftFor(
  { runbook: name, parameters: template }: AlertRule & { act: 'runbook' },
  { labels }: Alert,
  runbooks: readonly Runbook[],
): { draft: MessageDraft } | { problem: string } {
  const runbook = runbooks.find((each) => each.name === name);
  if (!runbook) return { problem: `The runbook ${name} was to be started, but it is no longer there.` };
  const { parameters, problems } = parametersFor(template, labels);
  const filled =
    problems.length > 0 ? { kind: 'problems' as const, problems } : fillRunbook(runbook, parameters);
  if (filled.kind === 'problems')
    return { problem: `The runbook ${name} was not started: ${filled.problems.join('; ')}.` };
  return { draft: { draft: filled.draft, context: {} } };
}

function messageFor(
  tx: Transaction,
  conversationId: string,
  { name, summary, labels, startsAt }: Alert,
  { as }: AlertRule,
  draft: MessageDraft | undefined,
): Message {
  const facts = [
    `The alert ${name} fires since ${startsAt.toISOString()}: ${summary}`,
    ...Object.entries(labels).map(([label, value]) => `${label}: ${value}`),
  ];
  return {
    id: newId('m'),
    conversationId,
    person: as,
    text: clip(facts.join('\n'), 4000),
    state: draft ? 'preparing' : 'received',
    ...(draft ? { draft } : {}),
    authors: [as],
    addressed: true,
    alert: clip(name, 200),
    attempts: 0,
    receivedAt: tx.now,
  };
}

function short(value: Json): string {
  return sha256(canonicalJson(value)).slice(0, 16);
}
