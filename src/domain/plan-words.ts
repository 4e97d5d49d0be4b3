import type { Decision } from './approval.ts';
import type { PlanCard, StepCard } from './chat.ts';
import { costInWords } from './investigation.ts';
import type { Effect } from './risk.ts';

// Words for plans that every face says alike.

/** Writes that a card in a thread shows with an Approve button; a longer plan is decided on in its full view. */
export const longestCard = 12;

export const effectWords: Record<Effect, string> = {
  read: 'reads',
  create: 'creates',
  update: 'changes',
  delete: 'deletes',
  'run-code': 'runs code on',
};

export function stateWords(plan: Pick<PlanCard, 'state'>): string {
  return plan.state.replaceAll('-', ' ');
}

/** What the plan does, from its steps alone: the goal is somebody's words and never the headline. */
export function headline(plan: PlanCard): string {
  const [only] = plan.steps;
  if (plan.steps.length === 1 && only) return only.title;
  const writes = writesOf(plan).length;
  const reads = plan.steps.length - writes;
  const parts = [count(writes, 'change'), ...(reads > 0 ? [count(reads, 'read')] : [])];
  return `${count(plan.steps.length, 'step')}: ${parts.join(' and ')}`;
}

export function writesOf(plan: PlanCard): StepCard[] {
  return plan.steps.filter(({ effect }) => effect !== 'read');
}

export function placesInWords(plan: PlanCard): string {
  return plan.environments
    .map(({ name, tier, demo }) => `${name} (${tier}${demo ? ', demo cluster' : ''})`)
    .join(', ');
}

export const failureWords: Record<PlanCard['onFailure'], string> = {
  'roll-back': 'what was done is rolled back',
  stop: 'it stops, and what was done stays',
  continue: 'the other steps go on',
};

/** Who has to agree, e.g. "2 leads, no author". */
export function approvalWords({ approval }: PlanCard): string {
  if (approval.kind === 'none') return 'nobody has to approve it';
  const who = approval.roles[0] ?? 'nobody';
  const author = approval.notAuthor ? ', and none who wrote it' : '';
  return `${count(approval.quorum, `${who} or higher`, `${who}s or higher`)} must approve${author}`;
}

/** Which language model drafted the plan, and at what cost; undefined where none did. */
export function plannedByWords({ plannedBy }: PlanCard): string | undefined {
  return plannedBy && `drafted by ${costInWords(plannedBy.model, plannedBy.spent)}`;
}

const verdicts = { approve: 'approved', reject: 'rejected', 'request-changes': 'asked for changes' } as const;
const ways: Record<Decision['via'], string> = {
  button: '',
  command: '',
  'undo-hour': ' (own undo within the hour)',
  'break-glass': ' (alone: break-glass)',
  review: ' (in review)',
};

/** E.g. "bob approved"; when is for the platform to say in the reader's own time. */
export function decisionWords({ person, verdict, via }: PlanCard['decisions'][number]): string {
  return `${person} ${verdicts[verdict]}${ways[via]}`;
}

const marks: Partial<Record<StepCard['state'], string>> = {
  succeeded: '✅',
  failed: '❌',
  rejected: '❌',
  unclear: '❓',
  'rolled-back': '↩️',
  'roll-back-failed': '❌',
  skipped: '⏭️',
  cancelled: '⏹️',
};

export function stepMark({ state, pending }: StepCard): string {
  if (pending) return '⏳';
  return marks[state] ?? (state === 'planned' || state === 'awaiting-approval' ? '▫️' : '⏳');
}

/** A bar of ten: how far a step is by its own words ("3 of 6"), else a half for what runs. */
export function stepBar(step: StepCard): string {
  const filled = Math.round(shareDone(step) * 10);
  return '█'.repeat(filled) + '░'.repeat(10 - filled);
}

function shareDone({ state, evidence }: StepCard): number {
  if (state === 'planned' || state === 'awaiting-approval' || state === 'skipped' || state === 'cancelled')
    return 0;
  if (state !== 'running' && state !== 'verifying' && state !== 'ready' && state !== 'rolling-back') return 1;
  const [, done, all] = /(\d+)\s*(?:of|\/)\s*(\d+)/.exec(evidence ?? '') ?? [];
  return done !== undefined && Number(all) > 0 ? Math.min(0.95, Number(done) / Number(all)) : 0.5;
}

/** How long a step or plan took or has been running, e.g. "12 s"; empty when it has not begun. */
export function tookWords(
  { startedAt, endedAt }: { startedAt?: string; endedAt?: string },
  now: Date,
): string {
  if (startedAt === undefined) return '';
  const end = endedAt === undefined ? now.getTime() : Date.parse(endedAt);
  const seconds = Math.max(0, Math.round((end - Date.parse(startedAt)) / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Last part of each target that is destroyed: what an approver types to show that they read it. */
export function namesToType(plan: PlanCard): string[] {
  const targets = plan.steps.filter(({ effect }) => effect === 'delete').flatMap((step) => step.targets);
  return [...new Set(targets.map((target) => target.split('/').at(-1) ?? target))];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
