import type { PlannerReply, ThreadContext } from '../../domain/draft.ts';
import { findEnvironment } from '../../domain/environment.ts';
import type { PlannerInput } from '../../domain/ports/planner.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { needsJudgement, notOffered, notUnderstood, tooLong } from './answers.ts';
import { goalOf } from './goal.ts';
import type { Learnt } from './learn/train.ts';
import { literalCall } from './literal.ts';
import { paramsOf } from './params.ts';
import { bareManifest, takePasted, withPasted } from './pasted.ts';
import { namedRunbook, nearestRunbooks, usageOf } from './runbooks.ts';
import { readSeveral } from './several.ts';
import { cleanText, longestMessage } from './text/clean.ts';
import { followUp } from './thread.ts';
import type { IntentSource, Params } from './types.ts';
import { isOperation, understand } from './understand.ts';

type Understood = ReturnType<typeof understand>;

import { wishOf } from './wish.ts';

export type Knowledge = {
  learnt: Learnt;
  /** Operations of this build; what else is known can be named, not done. */
  offered: ReadonlySet<string>;
  sources: ReadonlyMap<string, IntentSource>;
  runbooks: readonly Runbook[];
};

/** How sure a reading must be to act on it: a wrong write is far worse than a question. */
export const sureEnough = { read: 0.4, write: 0.6, guess: 0.25, none: 0.6, other: 0.08 } as const;

/** Makes a reply of a message. Never throws. */
export function replyTo(input: PlannerInput, knowledge: Knowledge): PlannerReply {
  const { said, pasted } = takePasted(input.text);
  if (pasted !== undefined && offersManifest(knowledge)) return replyToPasted(input, said, pasted, knowledge);
  if (input.text.length > longestMessage) return { kind: 'answer', text: tooLong() };
  const runbook = namedRunbook(input, knowledge.runbooks);
  if (runbook) return runbook;
  const literal = literalCall(input.text, knowledge.sources, knowledge.offered);
  if (literal) return draftOf(literal.operation, literal.request, 1, input.context, knowledge, false);
  const reply = replyToRequest(input, knowledge);
  return reply.kind === 'hand-over' ? withRunbooks(reply, input.text, knowledge.runbooks) : reply;
}

function offersManifest({ offered }: Knowledge): boolean {
  return offered.has('kubernetes.apply');
}

/** Words around a pasted manifest are read by themselves. */
function replyToPasted(
  input: PlannerInput,
  said: string,
  pasted: string,
  knowledge: Knowledge,
): PlannerReply {
  const { operation, request } = bareManifest(input.context);
  const reply =
    cleanText(said) === ''
      ? draftOf(operation, request, 0.9, input.context, knowledge, true)
      : replyTo({ ...input, text: said }, knowledge);
  return withPasted(reply, pasted, knowledge.sources);
}

function replyToRequest(input: PlannerInput, knowledge: Knowledge): PlannerReply {
  const isEnvironment = (word: string) => findEnvironment(input.environments, word) !== undefined;
  const read = (text: string) => understand(text, knowledge.learnt, isEnvironment);
  const understood = read(input.text);
  const continued = followUp(understood, input.context, knowledge);
  if (continued) return draftOf(continued.operation, continued.request, 0.9, input.context, knowledge, true);
  const several = readSeveral(understood, read, knowledge);
  if (several?.kind === 'mixed') return handOver(needsJudgement(offeredSources(knowledge)));
  if (several?.kind === 'steps')
    return severalDraft(several.operation, several.requests, several.chained, knowledge);
  return replyToOne(understood, input.context, knowledge);
}

function replyToOne(understood: Understood, context: ThreadContext, knowledge: Knowledge): PlannerReply {
  const { intent, params, confidence } = understood;
  const source = knowledge.sources.get(intent);
  if (intent === 'complex') return handOver(needsJudgement(offeredSources(knowledge)));
  const wish = wishOf(intent, params);
  if (wish && confidence >= sureEnough.read) return { kind: 'reign', request: wish };
  const unclear = notUnderstood(offeredSources(knowledge), nearest(understood, knowledge));
  if (intent === 'none' && confidence >= sureEnough.none) return { kind: 'answer', text: unclear };
  if (intent === 'none' || source === undefined || wish || confidence < sureEnough.guess) {
    const question = whichReading(readingsOf(understood, knowledge));
    return question ? { kind: 'hand-over', instead: question } : handOver(unclear);
  }
  // Code is not even proposed on a guess.
  const unsure = Object.keys(params).length === 0 || confidence < sureEnough.write;
  if (source.effect === 'run-code' && unsure)
    return { kind: 'answer', text: notUnderstood(offeredSources(knowledge), [source.summary]) };
  const goal = goalOf(intent, source.summary, params);
  if (!knowledge.offered.has(intent)) return { kind: 'answer', text: notOffered(source, goal) };
  const needed = source.effect === 'read' ? sureEnough.read : sureEnough.write;
  if (confidence >= needed) return draftOf(intent, params, confidence, context, knowledge, false);
  const likeliest = { goal, operation: intent, request: params };
  const others = readingsOf({ ...understood, intent: 'none' }, knowledge);
  return whichReading([likeliest, ...others.filter((other) => other.goal !== goal)]) ?? handOver(unclear);
}

type Reading = { goal: string; operation: string; request: Params };

/** Asks which one is meant; each option is a request of its own. */
function whichReading([likeliest, ...others]: readonly Reading[]): PlannerReply | undefined {
  if (likeliest === undefined) return undefined;
  const { goal, operation, request } = likeliest;
  const readings = [likeliest, ...others].slice(0, 4);
  return {
    kind: 'question',
    text:
      readings.length > 1
        ? 'I am not sure. Did you mean one of these?'
        : `I am not sure. Did you mean: ${goal}?`,
    options: readings.map((instead) => ({ label: instead.goal, patch: {}, instead })),
    draft: { goal, steps: [{ key: 'step-1', operation, request, needs: [] }] },
    field: 'confirm',
  };
}

/** What a message may mean that Reign can do, the likeliest first; code is not even proposed on a guess. */
function readingsOf(understood: Understood, { learnt, sources, offered }: Knowledge): Reading[] {
  const { intent, confidence, alternatives, message } = understood;
  return [{ intent, confidence }, ...alternatives]
    .filter((it) => isOperation(it.intent) && offered.has(it.intent) && it.confidence >= sureEnough.other)
    .flatMap(({ intent: operation }, index) => {
      const source = sources.get(operation);
      if (source === undefined || source.effect === 'run-code') return [];
      // A deletion is asked about only where it is what was most likely meant.
      if (source.effect === 'delete' && index > 0) return [];
      const request = paramsOf(message, operation, learnt);
      return [{ goal: goalOf(operation, source.summary, request), operation, request }];
    });
}

/** Where nobody takes it over, the runbooks that are nearest are named. */
function withRunbooks(
  reply: PlannerReply & { kind: 'hand-over' },
  text: string,
  runbooks: readonly Runbook[],
): PlannerReply {
  const near = nearestRunbooks(text, runbooks);
  const { instead } = reply;
  if (near.length === 0 || instead.kind !== 'answer') return reply;
  const lines = near.map(
    (runbook) => `${runbook.name}: ${runbook.summary}\n${usageOf(runbook).split('\n')[0]}`,
  );
  return handOver([instead.text, 'The nearest runbooks:', ...lines].join('\n'));
}

/** To the planner with a language model; without one, `text` says so. */
function handOver(text: string): PlannerReply {
  return { kind: 'hand-over', instead: { kind: 'answer', text } };
}

function draftOf(
  operation: string,
  request: Params,
  confidence: number,
  context: ThreadContext,
  { sources }: Knowledge,
  usedContext: boolean,
): PlannerReply {
  const goal = goalOf(operation, sources.get(operation)?.summary ?? operation, request);
  const previous = context.operation === operation ? context.request : undefined;
  return {
    kind: 'draft',
    draft: { goal, steps: [{ key: 'step-1', operation, request, needs: [] }] },
    confidence,
    context: { operation, request, ...(previous ? { previous } : {}) },
    usedContext,
  };
}

function severalDraft(
  operation: string,
  requests: readonly Params[],
  chained: boolean,
  { sources }: Knowledge,
): PlannerReply {
  const summary = sources.get(operation)?.summary ?? operation;
  const steps = requests.map((request, index) => ({
    key: `step-${index + 1}`,
    operation,
    request,
    needs: chained && index > 0 ? [`step-${index}`] : [],
  }));
  const goal = requests
    .map((request) => goalOf(operation, summary, request))
    .join(chained ? ', then ' : ' and ');
  const last = requests.at(-1) ?? {};
  return {
    kind: 'draft',
    draft: { goal, steps },
    confidence: 0.9,
    context: { operation, request: last },
    usedContext: false,
  };
}

function nearest(understood: Understood, { sources, offered }: Knowledge): string[] {
  return understood.alternatives
    .filter(({ intent, confidence }) => offered.has(intent) && confidence > 0.05)
    .flatMap(({ intent }) => sources.get(intent)?.summary ?? []);
}

function offeredSources({ sources, offered }: Knowledge): IntentSource[] {
  return [...sources.values()].filter(({ id }) => offered.has(id));
}
