import { z } from 'zod';

const plan = z.string().max(100);
const revision = z.number().int().min(1);

/** What a button asks for. Written by code into the button, and read back as a stranger's words. */
const act = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('decide'),
    plan,
    revision,
    verdict: z.enum(['approve', 'reject', 'request-changes', 'break-glass']),
    reason: z.string().max(1000).optional(),
  }),
  z.strictObject({ do: z.literal('review'), plan, verdict: z.enum(['approve', 'reject']) }),
  z.strictObject({ do: z.literal('cancel'), plan }),
  z.strictObject({ do: z.literal('undo'), plan }),
  z.strictObject({ do: z.literal('details'), plan }),
  z.strictObject({ do: z.literal('log'), plan }),
  z.strictObject({ do: z.literal('answer'), question: z.string().max(100), option: z.number().int().min(0) }),
  z.strictObject({ do: z.literal('share'), key: z.string().max(200) }),
]);

export type ChatAct = z.infer<typeof act>;

export function writeAct(value: ChatAct): string {
  return JSON.stringify(value);
}

/** @returns undefined for anything that Reign has not written so. */
export function readAct(text: unknown): ChatAct | undefined {
  if (typeof text !== 'string' || text.length > 4000) return undefined;
  try {
    return act.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
