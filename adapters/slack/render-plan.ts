import type { PlanCard, StepCard } from '../../src/domain/chat.ts';
import { reviewDue } from '../../src/domain/plan.ts';
import {
  approvalWords,
  decisionWords,
  effectWords,
  failureWords,
  headline,
  longestCard,
  placesInWords,
  stateWords,
  stepBar,
  stepMark,
  tookWords,
  writesOf,
} from '../../src/domain/plan-words.ts';
import {
  actions,
  type Block,
  type Button,
  button,
  context,
  linkButton,
  longestText,
  type SlackMessage,
  section,
} from './blocks.ts';
import { slackProblems } from './limits.ts';
import { code, fence, link, plain, time } from './mrkdwn.ts';

type PlanUrl = (planId: string) => string;

/**
 * A plan's card: facts first, written by code; then the goal, quoted; then the buttons. A plan whose writes do not all
 * fit has no Approve button, and neither has one that is shortened.
 */
export function renderCard(plan: PlanCard, planUrl: PlanUrl): SlackMessage {
  const fits = writesOf(plan).length <= longestCard;
  const whole = fits ? card(plan, planUrl, { diffs: true, decidable: true }) : undefined;
  if (whole && slackProblems(whole).length === 0) return whole;
  const plainer = fits ? card(plan, planUrl, { diffs: false, decidable: true }) : undefined;
  if (plainer && slackProblems(plainer).length === 0) return plainer;
  return card({ ...plan, steps: plan.steps.slice(0, 5) }, planUrl, { diffs: false, decidable: false }, plan);
}

type Form = { diffs: boolean; decidable: boolean };

function card(plan: PlanCard, planUrl: PlanUrl, form: Form, whole = plan): SlackMessage {
  const left = whole.steps.length - plan.steps.length;
  const title = headline(whole);
  return {
    text: plain(`${title}: ${stateWords(plan)}`, 300),
    blocks: [
      section(
        `*${plain(title, 300)}*\nPlan ${link(planUrl(plan.id), plan.id)} · revision ${plan.revision} · *${plain(placesInWords(plan), 300)}* · ${stateWords(plan)}`,
      ),
      ...plan.steps.map((step, index) => stepBlock(step, index + 1, form)),
      ...(left > 0 ? [section(`_and ${left} more steps: open the full plan._`)] : []),
      ...factBlocks(whole),
      section(`asked by ${plain(plan.requester, 100)}:\n${quote(plan.goal)}`),
      ...actions(...buttonsOf(whole, planUrl, form)),
    ],
  };
}

function stepBlock(step: StepCard, number: number, { diffs }: Form): Block {
  const targets = step.targets.map((target) => code(target, 200)).join(' ');
  const undo = step.undo === 'reversible' ? 'is undone if the plan fails' : 'cannot be undone';
  const lines = [
    `*${number}.* ${plain(step.title, 300)}${step.needs.length > 0 ? ` (after ${plain(step.needs.join(', '), 200)})` : ''}`,
    `${effectWords[step.effect]} ${targets || 'nothing'}${step.effect === 'read' ? '' : ` · *${step.risk}* risk · ${undo}`}`,
    ...step.reasons.slice(0, 5).map((reason) => `• ${plain(reason, 200)}`),
    ...(step.takes ?? []).map((taken) => `• takes ${plain(taken, 200)}`),
  ];
  if (step.preview) lines.push(`${step.preview.kind}: ${plain(step.preview.summary, 300)}`);
  for (const warning of step.preview?.warnings.slice(0, 5) ?? []) lines.push(`⚠️ ${plain(warning, 200)}`);
  if (step.byHand) lines.push(`by hand: ${code(step.byHand)}`);
  const text = lines.join('\n');
  return section(diffs ? withDiff(text, step) : plainTail(text));
}

function withDiff(text: string, { preview }: StepCard): string {
  const changed = preview?.diff.filter(({ sign }) => sign !== ' ') ?? [];
  if (changed.length === 0) return plainTail(text);
  const room = Math.min(900, longestText - text.length - 60);
  if (room < 60) return plainTail(text);
  const diff = fence(
    changed.map(({ sign, text }) => `${sign} ${text}`),
    room,
  );
  const more = diff.left > 0 ? `\n_${diff.left} more lines: Details._` : '';
  return `${text}\n${diff.text}${more}`;
}

/** Built of parts that are short enough; only many targets can still be too much. */
function plainTail(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 60).replace(/\s\S*$/, '')} …`;
}

function factBlocks(plan: PlanCard): Block[] {
  const facts = [`If a step fails, ${failureWords[plan.onFailure]}.`];
  if (plan.state === 'waiting-for-approval') {
    facts.push(`${approvalWords(plan)}. ${plain(plan.waitingFor ?? '', 500)}`);
    if (plan.expiresAt) facts.push(`Expires ${time(plan.expiresAt)}.`);
  } else if (plan.waitingFor) facts.push(plain(plan.waitingFor, 500));
  const decided = plan.decisions.map((decision) => {
    const why = decision.reason ? `: “${plain(decision.reason, 200)}”` : '';
    return `*${plain(decisionWords(decision), 200)}*, ${time(decision.at)}${why}`;
  });
  const outcome = plan.outcome ? [plain(plan.outcome, 800)] : [];
  return [
    context(facts.join(' ')),
    ...(decided.length > 0 ? [context(decided.join('\n'))] : []),
    ...outcome.map((text) => context(text)),
  ];
}

function buttonsOf(plan: PlanCard, planUrl: PlanUrl, { decidable }: Form): Button[] {
  if (plan.state !== 'waiting-for-approval') return [];
  const { id, revision } = plan;
  const decide = (verdict: 'approve' | 'reject' | 'request-changes' | 'break-glass') =>
    ({ do: 'decide', plan: id, revision, verdict }) as const;
  if (!decidable)
    return [linkButton('Open the full plan', planUrl(id)), button('Reject', decide('reject'), 'danger')];
  return [
    button('Approve', decide('approve'), 'primary'),
    button('Reject', decide('reject'), 'danger'),
    button('Request changes', decide('request-changes')),
    button('Details', { do: 'details', plan: id }),
    ...(plan.breakGlass ? [button('Break glass', decide('break-glass'), 'danger')] : []),
  ];
}

function quote(text: string): string {
  return plain(text, 1500)
    .split('\n')
    .map((line) => `&gt; ${line}`.replace('&gt; ', '>'))
    .join('\n');
}

/** One message for the whole way of a plan, edited in place. */
export function renderProgress(plan: PlanCard, planUrl: PlanUrl, now: Date): SlackMessage {
  const shown = plan.steps.slice(0, 20);
  const left = plan.steps.length - shown.length;
  const lines = shown.map((step) => {
    const took = tookWords(step, now);
    const says = step.fault ?? step.evidence;
    return `${stepMark(step)} \`${stepBar(step)}\` ${plain(step.title, 120)} · ${step.state.replaceAll('-', ' ')}${took ? ` · ${took}` : ''}${says ? `\n      ${plain(says, 200)}` : ''}`;
  });
  const text = `${plain(headline(plan), 200)}: ${stateWords(plan)}`;
  const running = plan.state === 'running' || plan.state === 'waiting-for-lock';
  const stop = running ? [button('Cancel', { do: 'cancel', plan: plan.id }, 'danger')] : [];
  return {
    text,
    blocks: [
      section(`*${text}* ${link(planUrl(plan.id), plan.id)}`),
      ...chunks(lines).map((part) => section(part)),
      ...(left > 0 ? [context(`and ${left} more steps`)] : []),
      ...actions(...stop, button('Details', { do: 'details', plan: plan.id })),
    ],
  };
}

/** Lines joined into texts that Slack takes. */
function chunks(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length + 1 <= longestText)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}

/** How a plan ended, and what one may do next. */
export function renderFinal(
  plan: PlanCard,
  text: string,
  canUndo: boolean,
  planUrl: PlanUrl,
  now: Date,
): SlackMessage {
  const took = tookWords(plan, now);
  const good = plan.state === 'succeeded';
  const line = `${good ? '✅' : plan.state === 'cancelled' ? '⏹️' : '❌'} *${stateWords(plan)}*: ${plain(text, 2000)}`;
  const open = reviewDue(plan.review);
  const review = open
    ? [
        button('It was right', { do: 'review', plan: plan.id, verdict: 'approve' }),
        button('It was wrong', { do: 'review', plan: plan.id, verdict: 'reject' }, 'danger'),
      ]
    : [];
  const undo = canUndo ? [button('Undo', { do: 'undo', plan: plan.id })] : [];
  return {
    text: plain(`${stateWords(plan)}: ${headline(plan)}`, 300),
    blocks: [
      section(line),
      context(
        `${plain(headline(plan), 300)} · ${link(planUrl(plan.id), plan.id)}${took ? ` · took ${took}` : ''}`,
      ),
      ...(open
        ? [context(`${plain(plan.review?.by ?? '', 100)} ran this alone; somebody else has to review it.`)]
        : []),
      ...actions(...undo, button('Show log', { do: 'log', plan: plan.id }), ...review),
    ],
  };
}
