import { z } from 'zod';
import { FaultError } from '../../../domain/fault.ts';
import type { JudgedRequest } from '../judgement.ts';
import { type ProbeResult, probe } from './probe.ts';

const question = z.strictObject({ url: z.string().max(4096), timeoutMs: z.number().min(50).max(60_000) });

/**
 * Answers `POST /probe {url, timeoutMs}`: what a GET of the address shows. That it failed is part of the result.
 * Throws FaultError for any other request.
 */
export async function handleProbe(
  request: JudgedRequest,
  allowed: readonly string[],
  signal: AbortSignal,
): Promise<ProbeResult> {
  if (request.method !== 'POST' || request.path.raw !== '/probe')
    throw new FaultError('refused', 'This connection answers POST /probe only.');
  const parsed = question.safeParse(parseJson(request.body));
  if (!parsed.success)
    throw new FaultError('bad-request', `A probe needs url and timeoutMs: ${z.prettifyError(parsed.error)}`);
  return probe(parsed.data, { allowed, signal });
}

function parseJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
