import type { PlannerReply, ThreadContext } from '../../domain/draft.ts';
import type { IntentSource, Params } from './types.ts';

const fence = /```\w*\n([\s\S]*?)```/;
const bare = /^(?:(?:---|apiVersion:|kind:|\{)[\s\S]*)$/m;

/** The field that a pasted manifest fills. */
const field = 'manifest';
const applies = 'kubernetes.apply';

/** Takes a pasted manifest out of a message: what stands in it is not said to Reign. */
export function takePasted(text: string): { said: string; pasted?: string } {
  const found = fence.exec(text) ?? bare.exec(text);
  const [whole, inner = whole] = found ?? [];
  if (found === null || whole === undefined || inner === undefined) return { said: text };
  if (!/\bapiVersion\b/.test(inner) || !/\bkind\b/.test(inner)) return { said: text };
  return { said: text.replace(whole, () => ' ').trim(), pasted: inner.trim() };
}

/** What is to be done with a manifest that came without a word: what the thread was asked for, else to apply it. */
export function bareManifest({ operation, request }: ThreadContext): { operation: string; request: Params } {
  return { operation: applies, request: operation === applies ? { ...request } : {} };
}

/** The reply with the manifest in each request that takes one. */
export function withPasted(
  reply: PlannerReply,
  pasted: string,
  sources: ReadonlyMap<string, IntentSource>,
): PlannerReply {
  const fill = <Step extends { operation: string; request: Params }>(step: Step): Step => {
    const filled = { ...step.request, [field]: pasted };
    const takes = sources.get(step.operation)?.request.safeParse({ [field]: pasted }).success === true;
    return takes ? { ...step, request: filled } : step;
  };
  switch (reply.kind) {
    case 'draft':
      return { ...reply, draft: { ...reply.draft, steps: reply.draft.steps.map(fill) } };
    case 'question': {
      const options = reply.options.map((option) =>
        option.instead === undefined ? option : { ...option, instead: fill(option.instead) },
      );
      return { ...reply, options, draft: { ...reply.draft, steps: reply.draft.steps.map(fill) } };
    }
    default:
      return reply;
  }
}
