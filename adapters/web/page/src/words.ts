import type { OnFailure, PlanState, StepState } from '../../../../src/domain/plan.ts';
import type { RiskLevel } from '../../../../src/domain/risk.ts';

/** How a word is coloured; the word itself always says the same. */
export type Tone = 'quiet' | 'active' | 'good' | 'warn' | 'bad';

export type Worded = { words: string; tone: Tone };

export const planStates: Record<PlanState, Worded> = {
  drafted: { words: 'being previewed', tone: 'active' },
  previewed: { words: 'previewed', tone: 'active' },
  'waiting-for-approval': { words: 'waiting for approval', tone: 'warn' },
  'waiting-for-lock': { words: 'waiting for another plan', tone: 'warn' },
  running: { words: 'running', tone: 'active' },
  succeeded: { words: 'succeeded', tone: 'good' },
  failed: { words: 'failed', tone: 'bad' },
  'rolled-back': { words: 'rolled back', tone: 'warn' },
  rejected: { words: 'rejected', tone: 'quiet' },
  expired: { words: 'expired', tone: 'quiet' },
  cancelled: { words: 'cancelled', tone: 'quiet' },
  'needs-a-person': { words: 'needs a person', tone: 'bad' },
};

export const stepStates: Record<StepState, Worded> = {
  planned: { words: 'planned', tone: 'quiet' },
  'awaiting-approval': { words: 'awaiting approval', tone: 'warn' },
  ready: { words: 'about to start', tone: 'active' },
  running: { words: 'running', tone: 'active' },
  verifying: { words: 'checking health', tone: 'active' },
  unclear: { words: 'unclear whether it landed', tone: 'bad' },
  succeeded: { words: 'done', tone: 'good' },
  failed: { words: 'failed', tone: 'bad' },
  skipped: { words: 'skipped', tone: 'quiet' },
  rejected: { words: 'rejected', tone: 'quiet' },
  cancelled: { words: 'cancelled', tone: 'quiet' },
  'rolling-back': { words: 'rolling back', tone: 'active' },
  'rolled-back': { words: 'rolled back', tone: 'warn' },
  'roll-back-failed': { words: 'roll-back failed', tone: 'bad' },
};

export const riskLevels: Record<RiskLevel, Worded> = {
  none: { words: 'reads only', tone: 'quiet' },
  low: { words: 'low risk', tone: 'good' },
  medium: { words: 'medium risk', tone: 'warn' },
  high: { words: 'high risk', tone: 'bad' },
  critical: { words: 'critical risk', tone: 'bad' },
};

export const failureWords: Record<OnFailure, string> = {
  'roll-back': 'If a step fails, the steps before it are rolled back.',
  stop: 'If a step fails, the rest is not started; what was done stays.',
  continue: 'If a step fails, the steps that do not need it go on.',
};

const previewKinds: { [kind: string]: string } = {
  'dry-run': 'Dry run: the real system answered.',
  computed: 'Computed from the state that was read.',
  described: 'Only described: nothing can try this without doing it.',
  deferred: 'Comes later: it needs an earlier step’s result, and is shown before it runs.',
};

/** How a preview was come by, in words. */
export function previewWords(kind: string): string {
  return previewKinds[kind] ?? kind;
}

/** A length of time, e.g. "4 s", "2 min 05 s", "3 h 20 min"; negative counts as nothing. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Time of day, with the date where it is not today's: "12:03", "21 Nov, 12:03". */
export function timeInWords(iso: string, now: Date, locale = 'en-GB'): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === now.toDateString()) return time;
  const thisYear = at.getFullYear() === now.getFullYear();
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  if (!thisYear) day.year = 'numeric';
  return `${at.toLocaleDateString(locale, day)}, ${time}`;
}

/** "2 changes", "1 change". */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
