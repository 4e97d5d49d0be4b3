import type { PlannerReply } from '../../domain/draft.ts';
import type { Planner, PlannerInput } from '../../domain/ports/planner.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { knownIntents } from './intents/index.ts';
import { isWrite, type Learnt, train } from './learn/train.ts';
import { mergeIntents } from './merge-intents.ts';
import { replyTo, sureEnough } from './reply.ts';
import type { Classification, IntentSource } from './types.ts';
import { understand } from './understand.ts';

export type BuiltinPlanner = Planner & {
  /** What a message asks for by itself. Learns first, if that has not happened. */
  classify(text: string): Classification;
  /** Whether a classification is sure enough to become a draft, and that draft a write. */
  wouldWrite(classification: Classification): boolean;
  /** Learns now (well under a second) instead of at the first message. */
  prepare(): void;
};

/**
 * The planner that needs no key and no network. Learns from the examples of `catalogue` and of the intents that it
 * knows besides, at the first message or at `prepare`.
 */
export function createBuiltinPlanner({
  catalogue,
  runbooks = [],
}: {
  catalogue: readonly IntentSource[];
  runbooks?: readonly Runbook[];
}): BuiltinPlanner {
  const intents = mergeIntents(catalogue, knownIntents);
  const offered = new Set(catalogue.map(({ id }) => id));
  const sources = new Map(intents.map((source) => [source.id, source]));
  let learnt: Learnt | undefined;
  const ready = (): Learnt => {
    learnt ??= train(intents);
    return learnt;
  };
  return {
    prepare: () => void ready(),
    classify(text) {
      const { message: _, ...classification } = understand(text, ready());
      return classification;
    },
    wouldWrite({ intent, confidence }) {
      const source = sources.get(intent);
      return source !== undefined && isWrite(source) && confidence >= sureEnough.write;
    },
    async plan(input: PlannerInput): Promise<PlannerReply> {
      return replyTo(input, { learnt: ready(), offered, sources, runbooks });
    },
  };
}
