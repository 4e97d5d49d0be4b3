import type { PlanCard, StepCard } from '../../src/domain/chat.ts';
import { reviewDue } from '../../src/domain/plan.ts';
import {
  approvalWords,
  decisionWords,
  effectWords,
  failureWords,
  headline,
  longestCard,
  namesToType,
  placesInWords,
  plannedByWords,
  stateWords,
  stepBar,
  stepMark,
  tookWords,
  writesOf,
} from '../../src/domain/plan-words.ts';
import { clip, clipLines } from '../../src/domain/text.ts';
import {
  type Action,
  bold,
  card,
  type Element,
  execute,
  line,
  monospace,
  run,
  type TeamsMessage,
} from './elements.ts';
import { teamsProblems } from './limits.ts';

type PlanUrl = (planId: string) => string;

/** A plan's card, with the buttons only where every write is on it. */
export function renderCard(plan: PlanCard, planUrl: PlanUrl): TeamsMessage {
  const fits = writesOf(plan).length <= longestCard;
  for (const form of fits ? [{ diffs: true }, { diffs: false }] : []) {
    const whole = planMessage(plan, planUrl, { ...form, decidable: true });
    if (teamsProblems(whole).length === 0) return whole;
  }
  return planMessage(
    { ...plan, steps: plan.steps.slice(0, 5) },
    planUrl,
    { diffs: false, decidable: false },
    plan,
  );
}

type Form = { diffs: boolean; decidable: boolean };

function planMessage(plan: PlanCard, planUrl: PlanUrl, form: Form, whole = plan): TeamsMessage {
  const left = whole.steps.length - plan.steps.length;
  const title = clip(headline(whole), 300);
  const by = plannedByWords(whole);
  const body: Element[] = [
    line(bold(title)),
    line(
      run(`${plan.id} · revision ${plan.revision} · `),
      bold(clip(placesInWords(plan), 300)),
      run(` · ${stateWords(plan)}`),
    ),
    ...plan.steps.map((step, index) => stepElement(step, index + 1, form)),
    ...(left > 0 ? [line(run(`and ${left} more steps: open the full plan`, { isSubtle: true }))] : []),
    ...factElements(whole),
    line(
      run(`asked by ${clip(plan.requester, 100)}: `, { isSubtle: true }),
      run(clip(whole.goal, 1500), { isSubtle: true }),
    ),
    ...(by === undefined ? [] : [line(run(clip(by, 300), { isSubtle: true }))]),
  ];
  return {
    summary: clip(`${title}: ${stateWords(plan)}`, 200),
    card: card(body, buttonsOf(whole, planUrl, form)),
  };
}

function stepElement(step: StepCard, number: number, { diffs }: Form): Element {
  const undo = step.undo === 'reversible' ? 'is undone if the plan fails' : 'cannot be undone';
  const targets = clip(step.targets.join(', ') || 'nothing', 600);
  const after = step.needs.length > 0 ? ` (after ${clip(step.needs.join(', '), 200)})` : '';
  const risk = step.effect === 'read' ? '' : ` · ${step.risk} risk · ${undo}`;
  const items: Element[] = [
    line(bold(`${number}. `), run(clip(step.title, 300)), run(after)),
    line(run(`${effectWords[step.effect]} `), run(targets, { fontType: 'Monospace' }), run(risk || ' ')),
    ...step.reasons.slice(0, 5).map((reason) => line(run(`• ${clip(reason, 200)}`))),
    ...(step.takes ?? []).map((taken) => line(run(`• takes ${clip(taken, 200)}`))),
  ];
  if (step.preview) items.push(line(run(`${step.preview.kind}: ${clip(step.preview.summary, 300)}`)));
  for (const warning of step.preview?.warnings.slice(0, 5) ?? [])
    items.push(line(run(`⚠️ ${clip(warning, 200)}`)));
  if (step.byHand) items.push(line(run('by hand: '), run(clip(step.byHand, 300), { fontType: 'Monospace' })));
  const changed =
    step.preview?.diff.filter(({ sign }) => sign !== ' ').map(({ sign, text }) => `${sign} ${text}`) ?? [];
  if (diffs && changed.length > 0) {
    const { lines, left } = clipLines(changed, 900);
    items.push(monospace([...lines, ...(left > 0 ? [`… ${left} more lines`] : [])]));
  }
  return { type: 'Container', items: items.map(withoutEmpty), separator: true };
}

/** A run without text is refused by Teams. */
function withoutEmpty(element: Element): Element {
  if (element.type !== 'RichTextBlock') return element;
  return { ...element, inlines: element.inlines.filter(({ text }) => text !== '') };
}

function factElements(plan: PlanCard): Element[] {
  const facts = [`If a step fails, ${failureWords[plan.onFailure]}.`];
  if (plan.state === 'waiting-for-approval') {
    facts.push(`${approvalWords(plan)}. ${clip(plan.waitingFor ?? '', 500)}`);
    if (plan.expiresAt) facts.push(`Expires ${plan.expiresAt.slice(0, 16).replace('T', ' ')} UTC.`);
  } else if (plan.waitingFor) facts.push(clip(plan.waitingFor, 500));
  const decided = plan.decisions.map((decision) => {
    const why = decision.reason ? `: “${clip(decision.reason, 200)}”` : '';
    return line(
      bold(clip(decisionWords(decision), 200)),
      run(`, ${decision.at.slice(0, 16).replace('T', ' ')} UTC${why}`),
    );
  });
  return [
    line(run(facts.join(' '))),
    ...decided,
    ...(plan.outcome ? [line(run(clip(plan.outcome, 800)))] : []),
  ];
}

function buttonsOf(plan: PlanCard, planUrl: PlanUrl, { decidable }: Form): Action[] {
  const open: Action = { type: 'Action.OpenUrl', title: 'Open the full plan', url: planUrl(plan.id) };
  if (plan.state !== 'waiting-for-approval') return [];
  const { id, revision } = plan;
  const decide = (verdict: 'approve' | 'reject' | 'request-changes' | 'break-glass') =>
    ({ do: 'decide', plan: id, revision, verdict }) as const;
  const reject = asking(
    'Reject',
    'Why? Whoever asked is told.',
    false,
    execute('Reject', decide('reject'), 'destructive'),
  );
  if (!decidable) return [open, reject];
  const names = namesToType(plan);
  const approve = execute('Approve', decide('approve'), 'positive');
  return [
    names.length === 0 ? approve : typing(names, approve),
    reject,
    asking(
      'Request changes',
      'What should be different?',
      true,
      execute('Request changes', decide('request-changes')),
    ),
    open,
    ...(plan.breakGlass
      ? [
          asking(
            'Break glass',
            'Why can this not wait? Others review it.',
            true,
            execute('Break glass', decide('break-glass'), 'destructive'),
          ),
        ]
      : []),
  ];
}

function asking(title: string, label: string, required: boolean, action: Action): Action {
  const input: Element = {
    type: 'Input.Text',
    id: 'reason',
    label,
    isMultiline: true,
    isRequired: required,
    maxLength: 1000,
    errorMessage: 'Say why.',
  };
  return {
    type: 'Action.ShowCard',
    title,
    card: { type: 'AdaptiveCard', version: '1.5', body: [input], actions: [action] },
  };
}

function typing(names: string[], action: Action): Action {
  const label = `This destroys ${names.join(', ')}. Type ${names.length > 1 ? 'one of these names' : 'that name'} to go on.`;
  const input: Element = {
    type: 'Input.Text',
    id: 'name',
    label: clip(label, 500),
    isRequired: true,
    errorMessage: 'Type the name.',
  };
  return {
    type: 'Action.ShowCard',
    title: 'Approve',
    card: { type: 'AdaptiveCard', version: '1.5', body: [input], actions: [action] },
  };
}

/** One message for the whole way of a plan, edited in place. */
export function renderProgress(plan: PlanCard, planUrl: PlanUrl, now: Date): TeamsMessage {
  const shown = plan.steps.slice(0, 20);
  const left = plan.steps.length - shown.length;
  const steps = shown.flatMap((step): Element[] => {
    const took = tookWords(step, now);
    const says = step.fault ?? step.evidence;
    const state = `${step.state.replaceAll('-', ' ')}${took ? ` · ${took}` : ''}`;
    return [
      line(
        run(`${stepMark(step)} `),
        run(stepBar(step), { fontType: 'Monospace' }),
        run(` ${clip(step.title, 120)} · ${state}`),
      ),
      ...(says ? [line(run(clip(says, 200), { isSubtle: true }))] : []),
    ];
  });
  const title = `${clip(headline(plan), 200)}: ${stateWords(plan)}`;
  const running = plan.state === 'running' || plan.state === 'waiting-for-lock';
  const actions: Action[] = [
    ...(running ? [execute('Cancel', { do: 'cancel', plan: plan.id }, 'destructive')] : []),
    { type: 'Action.OpenUrl', title: 'Details', url: planUrl(plan.id) },
  ];
  const more = left > 0 ? [line(run(`and ${left} more steps`, { isSubtle: true }))] : [];
  return { summary: title, card: card([line(bold(title)), ...steps, ...more], actions) };
}

/** How a plan ended, and what one may do next. */
export function renderFinal(
  plan: PlanCard,
  text: string,
  canUndo: boolean,
  planUrl: PlanUrl,
  now: Date,
): TeamsMessage {
  const took = tookWords(plan, now);
  const mark = plan.state === 'succeeded' ? '✅' : plan.state === 'cancelled' ? '⏹️' : '❌';
  const open = reviewDue(plan.review);
  const review = open
    ? [
        execute('It was right', { do: 'review', plan: plan.id, verdict: 'approve' }),
        execute('It was wrong', { do: 'review', plan: plan.id, verdict: 'reject' }, 'destructive'),
      ]
    : [];
  const actions: Action[] = [
    ...(canUndo ? [execute('Undo', { do: 'undo', plan: plan.id })] : []),
    execute('Show log', { do: 'log', plan: plan.id }),
    ...review,
    { type: 'Action.OpenUrl', title: 'Open the plan', url: planUrl(plan.id) },
  ];
  const body = [
    line(run(`${mark} `), bold(stateWords(plan)), run(`: ${clip(text, 2000)}`)),
    line(
      run(`${clip(headline(plan), 300)} · ${plan.id}${took ? ` · took ${took}` : ''}`, { isSubtle: true }),
    ),
    ...(open
      ? [line(run(`${clip(plan.review?.by ?? '', 100)} ran this alone; somebody else has to review it.`))]
      : []),
  ];
  return { summary: clip(`${stateWords(plan)}: ${headline(plan)}`, 200), card: card(body, actions) };
}
