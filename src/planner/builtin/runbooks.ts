import type { PlannerReply } from '../../domain/draft.ts';
import { type EnvironmentView, findEnvironment } from '../../domain/environment.ts';
import type { Json } from '../../domain/json.ts';
import type { PlannerInput } from '../../domain/ports/planner.ts';
import { fillRunbook, type Runbook } from '../../domain/runbook.ts';

/** Words that say nothing of what a runbook is for. */
const dull = new Set(
  'a all an and are as at be by can do for from get give have how i in into is it its just me my of on or our out please so some that the their them then these they this to up was we what when with you your'.split(
    ' ',
  ),
);

/** A runbook that a message names: `runbook drain-node name=n1`, or "run the drain-node runbook for n1 in prod". */
export function namedRunbook(input: PlannerInput, runbooks: readonly Runbook[]): PlannerReply | undefined {
  const { text } = input;
  if (!/\brunbooks?\b/i.test(text)) return undefined;
  const words = text.toLowerCase().replace(/[^a-z0-9=-]+/g, ' ');
  const byLength = [...runbooks].sort((a, b) => b.name.length - a.name.length);
  const runbook = byLength.find(
    ({ name }) =>
      ` ${words} `.includes(` ${name} `) || ` ${words} `.includes(` ${name.replaceAll('-', ' ')} `),
  );
  if (!runbook) return listed(text, runbooks);
  const filled = fillRunbook(runbook, valuesIn(input, runbook));
  if (filled.kind === 'problems')
    return {
      kind: 'answer',
      text: `The runbook ${runbook.name} cannot start: ${filled.problems.join('; ')}.\n${usageOf(runbook)}`,
    };
  return { kind: 'draft', draft: filled.draft, confidence: 1, context: {}, usedContext: false };
}

/** "Which runbooks are there?", or one that is not. */
function listed(text: string, runbooks: readonly Runbook[]): PlannerReply | undefined {
  if (runbooks.length === 0) return undefined;
  const asked = /\b(?:which|what|list|show)\b[^.?!]*\brunbooks\b|^\W*runbooks?\W*$/i.test(text);
  const meant = /^\W*(?:please\s+)?(?:run|start|execute|use)\b[^.?!,]*\brunbook\b|^\W*runbook\s+\S/i.test(
    text,
  );
  if (!asked && !meant) return undefined;
  const lines = runbooks.map(({ name, summary }) => `${name}: ${summary}`);
  return {
    kind: 'answer',
    text: [asked ? 'Runbooks:' : 'There is no such runbook. There are:', ...lines].join('\n'),
  };
}

/** How it is started, with what it wants to know. */
export function usageOf({ name, parameters }: Runbook): string {
  const each = parameters.map((parameter) => {
    const sample = `${parameter.name}=${parameter.default === undefined ? '…' : String(parameter.default)}`;
    return parameter.optional || parameter.default !== undefined ? `[${sample}]` : sample;
  });
  const known = parameters.map((parameter) => `${parameter.name}: ${parameter.description}`);
  return [`Write: runbook ${[name, ...each].join(' ')}`, ...known].join('\n');
}

/** `name=value` as typed; else the word after "for", and the environment that is spoken of. */
function valuesIn({ text, environments }: PlannerInput, { parameters }: Runbook): { [name: string]: Json } {
  const given: { [name: string]: Json } = {};
  const pairs = /([A-Za-z_][\w-]*)=("([^"]*)"|'([^']*)'|\S+)/g;
  for (const [, key = '', plain = '', double, single] of text.matchAll(pairs))
    given[key] = double ?? single ?? plain;
  const rest = text.replace(pairs, ' ');
  const wants = (name: string) =>
    given[name] === undefined && parameters.some((parameter) => parameter.name === name);
  if (wants('environment')) {
    const place = environmentIn(rest, environments);
    if (place !== undefined) given['environment'] = place;
  }
  const [, subject] = /\b(?:for|of|on)\s+(?:the\s+)?([\w][\w.-]*)/i.exec(rest) ?? [];
  const isPlace = subject !== undefined && findEnvironment(environments, subject) !== undefined;
  if (wants('name') && subject !== undefined && !isPlace) given['name'] = subject;
  return given;
}

function environmentIn(text: string, environments: readonly EnvironmentView[]): string | undefined {
  const words = text.toLowerCase().match(/[a-z0-9][\w-]*/g) ?? [];
  const meant = new Set(words.flatMap((word) => findEnvironment(environments, word)?.name ?? []));
  return meant.size === 1 ? [...meant][0] : undefined;
}

/** The runbooks whose purpose is nearest to what was said, best first. */
export function nearestRunbooks(text: string, runbooks: readonly Runbook[]): Runbook[] {
  const wanted = wordsOf(text);
  const scored = runbooks.map((runbook) => {
    const own = [runbook.name.replaceAll('-', ' '), runbook.summary, ...runbook.examples].map(wordsOf);
    const best = Math.max(...own.map((words) => overlap(wanted, words)));
    return { runbook, score: best };
  });
  return scored
    .filter(({ score }) => score >= 0.3)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ runbook }) => runbook);
}

function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
  return new Set(words.filter((word) => !dull.has(word)).map((word) => word.replace(/(?:ing|ed|es|s)$/, '')));
}

/** Dice's coefficient: twice what they share, of what both have. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}
