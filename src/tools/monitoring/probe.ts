import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { ask } from './ask.ts';

/** What the broker answers to a probe: it resolves once, pins the address and follows the hops itself. */
const probeAnswer = z.looseObject({
  url: z.string().optional(),
  status: z.number().nullish(),
  latencyMs: z.union([z.number(), z.looseObject({ total: z.number().optional() })]).nullish(),
  hops: z.array(z.unknown()).nullish(),
  tls: z
    .looseObject({
      validTo: z.string().optional(),
      daysLeft: z.number().optional(),
      issuer: z.string().optional(),
      authorized: z.boolean().optional(),
    })
    .nullish(),
  error: z.union([z.string(), z.looseObject({ message: z.string().optional() })]).nullish(),
  /** Why the broker did not look at all. */
  message: z.string().optional(),
});
export type ProbeAnswer = z.infer<typeof probeAnswer>;

export const probeConnection = 'http:web';

const probeMilliseconds = 10_000;

/** Asks the broker to look at an address. Throws FaultError when the broker refuses or gives no usable answer. */
export async function probe(reader: Reader, url: string): Promise<ProbeAnswer> {
  const body = JSON.stringify({ url, timeoutMs: probeMilliseconds });
  const asked = { method: 'POST', path: '/probe', body, milliseconds: probeMilliseconds + 5000 };
  const { status, text } = await ask(reader, probeConnection, asked);
  const parsed = probeAnswer.safeParse(jsonOf(text));
  if (status >= 400) {
    const said = parsed.success ? (parsed.data.message ?? errorText(parsed.data)) : undefined;
    throw new FaultError(
      'refused',
      `The address ${url} was not checked: ${said ?? `the broker answered ${status}.`}`,
    );
  }
  if (!parsed.success) throw new FaultError('internal', 'The broker gave no usable answer to a probe.');
  return parsed.data;
}

/** The error of an answer in words, if it has one. */
export function errorText({ error }: ProbeAnswer): string | undefined {
  return typeof error === 'string' ? error : (error?.message ?? undefined);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
