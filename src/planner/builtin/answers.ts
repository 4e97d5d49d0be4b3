import { longestMessage } from './text/clean.ts';
import type { IntentSource } from './types.ts';

const withKey =
  'Requests like that are for the planner with a language model: whoever runs Reign sets ANTHROPIC_API_KEY (or `llm` in reign.yaml) and starts it again.';

export function tooLong(): string {
  return `That message is too long to be a request (more than ${longestMessage} characters). Please say in a sentence what should be done.`;
}

/** For what needs several operations or judgement. `offered` are the operations of this build. */
export function needsJudgement(offered: readonly IntentSource[]): string {
  return `That needs several different steps or some judgement, and without a language model I only take on one kind of request at a time. ${examplesOf(offered)}\n${withKey}`;
}

export function notUnderstood(offered: readonly IntentSource[], nearest: readonly string[]): string {
  const hint = nearest.length === 0 ? '' : ` The nearest things I can do: ${nearest.join('; ')}.`;
  return `I don't understand that as a request for infrastructure work.${hint} ${examplesOf(offered)}\n${withKey}`;
}

export function notOffered(source: IntentSource, goal: string): string {
  return `I understand that you want ${source.id} (${goal}), but this Reign has no such operation, so nothing was started.`;
}

/** A few requests that this build takes, as a person would type them. */
function examplesOf(offered: readonly IntentSource[]): string {
  const wanted = ['kubernetes.scale', 'kubernetes.logs', 'kubernetes.restart', 'monitoring.check'];
  const chosen = [...offered]
    .sort((a, b) => Number(wanted.includes(b.id)) - Number(wanted.includes(a.id)))
    .slice(0, 3)
    .flatMap(({ examples }) => examples[0]?.request ?? []);
  return chosen.length === 0
    ? ''
    : `Try for example: ${chosen.map((request) => `"${request}"`).join(', ')}, or "help".`;
}
