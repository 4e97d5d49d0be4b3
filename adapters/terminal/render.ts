import Table from 'cli-table3';
import colours from 'picocolors';
import type { DecisionVia } from '../../src/domain/approval.ts';
import type { ChatBody, DiffLine, PlanCard, StepCard } from '../../src/domain/chat.ts';
import type { Rendered } from '../../src/domain/operation.ts';
import { plannedByWords } from '../../src/domain/plan-words.ts';
import { clip, shown } from '../../src/domain/text.ts';

/** A chat entry as lines for a terminal. Control characters of what comes from outside are shown, not obeyed. */
export function renderBody(body: ChatBody): string {
  switch (body.kind) {
    case 'said':
      return `${colours.bold(shown(body.person))}: ${shown(body.text)}`;
    case 'working':
      return colours.dim(shown(body.text));
    case 'answer':
      return [body.title ? colours.bold(shown(body.title)) : '', renderContent(body.content)]
        .filter(Boolean)
        .join('\n');
    case 'question':
      return renderQuestion(body);
    case 'plan':
      return renderCard(body.plan);
    case 'progress':
      return body.plan.steps.map(renderProgress).join('\n');
    case 'notice':
      return colours.cyan(shown(body.text));
    case 'refusal':
      return colours.yellow(shown(body.text));
    case 'final':
      return renderFinal(body);
    default:
      return body satisfies never;
  }
}

/** Output of a read: text, a table, or lines. */
export function renderContent(content: Rendered): string {
  switch (content.kind) {
    case 'text':
      return shown(content.text);
    case 'lines':
      return [...content.lines.map(shown), ...note(content.note)].join('\n');
    case 'table': {
      const table = new Table({
        head: content.columns.map((column) => colours.bold(clip(shown(column), widestCell).toUpperCase())),
        chars: plainTable,
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
      });
      table.push(...content.rows.map((row) => row.map((cell) => clip(shown(cell), widestCell))));
      return [table.toString(), ...note(content.note)].join('\n');
    }
    default:
      return content satisfies never;
  }
}

/** Units of a cell: the table measures each character, and a terminal is not wider. */
const widestCell = 200;

const plainTable = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

function note(text: string | undefined): string[] {
  return text === undefined ? [] : [colours.dim(shown(text))];
}

function renderQuestion(body: ChatBody & { kind: 'question' }): string {
  const options = body.options.map(({ label }, index) => `  ${index + 1}) ${shown(label)}`);
  const answered = body.answered ? [colours.dim(`answered: ${shown(body.answered)}`)] : [];
  return [colours.bold(shown(body.text)), ...options, ...answered].join('\n');
}

function renderCard(plan: PlanCard): string {
  const places = plan.environments.map(
    ({ name, tier, demo }) => `${name} (${tier}${demo ? ', demo cluster' : ''})`,
  );
  const lines = [
    `${colours.bold(`Plan ${plan.id}`)} revision ${plan.revision}: ${shown(plan.goal)}`,
    `  asked by ${shown(plan.requester)} · ${places.join(', ')} · ${plan.state.replaceAll('-', ' ')} · if a step fails: ${plan.onFailure.replace('-', ' ')}`,
    ...plan.steps.flatMap(renderStep),
    ...note(plannedByWords(plan)).map((line) => `  ${line}`),
  ];
  if (plan.waitingFor) lines.push(`  ${colours.yellow(shown(plan.waitingFor))}`);
  for (const { person, verdict, via, reason } of plan.decisions) {
    lines.push(`  ${shown(person)}: ${verdict}${wayWords[via] ?? ''}${reason ? `, ${shown(reason)}` : ''}`);
  }
  if (plan.state === 'waiting-for-approval') {
    lines.push(colours.dim(`  npx reign plan approve ${plan.id} · npx reign plan reject ${plan.id} REASON`));
  }
  return lines.join('\n');
}

const wayWords: Partial<Record<DecisionVia, string>> = {
  'undo-hour': ' (own undo within the hour)',
  'break-glass': ' (alone: break-glass)',
  review: ' (in review)',
};

function renderStep(step: StepCard): string[] {
  const after = step.needs.length > 0 ? ` (after ${step.needs.join(', ')})` : '';
  const undo = step.undo === 'reversible' ? 'can be undone' : 'cannot be undone';
  const lines = [`  • ${shown(step.title)}${after}`, `    ${riskWord(step)} risk, ${undo}`];
  if (step.effect !== 'read') lines.push(`    ${step.effect} ${shown(step.targets.join(', '))}`);
  for (const reason of step.reasons) lines.push(`    ${shown(reason)}`);
  for (const taken of step.takes ?? []) lines.push(`    takes ${shown(taken)}`);
  if (step.preview) {
    lines.push(`    ${step.preview.kind}: ${shown(step.preview.summary)}`);
    for (const warning of step.preview.warnings) lines.push(`    ${colours.yellow(`! ${shown(warning)}`)}`);
    lines.push(...step.preview.diff.filter(({ sign }) => sign !== ' ').map(renderDiff));
  }
  if (step.byHand) lines.push(colours.dim(`    by hand: ${shown(step.byHand)}`));
  return lines;
}

function riskWord({ risk }: StepCard): string {
  if (risk === 'high' || risk === 'critical') return colours.red(risk);
  return risk === 'medium' ? colours.yellow(risk) : risk;
}

function renderDiff({ sign, text }: DiffLine): string {
  const line = `      ${sign} ${shown(text).trim()}`;
  return sign === '+' ? colours.green(line) : colours.red(line);
}

/** One step's line of progress. */
export function renderProgress(step: StepCard): string {
  const words = step.fault ?? step.evidence;
  const colour =
    step.state === 'succeeded' ? colours.green : step.state.includes('fail') ? colours.red : colours.cyan;
  return `  ${colour(step.state.replaceAll('-', ' ').padEnd(14))} ${shown(step.title)}${words ? ` · ${shown(words)}` : ''}`;
}

function renderFinal(body: ChatBody & { kind: 'final' }): string {
  const good = body.plan.state === 'succeeded';
  const head = `${body.plan.id} ${body.plan.state.replaceAll('-', ' ')}: ${shown(body.text)}`;
  const undo = body.canUndo ? [colours.dim(`  npx reign plan undo ${body.plan.id}`)] : [];
  return [good ? colours.green(head) : colours.red(head), ...undo].join('\n');
}
