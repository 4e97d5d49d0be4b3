import { FaultError } from '../../../domain/fault.ts';

/** What both SDKs throw: a status where the server answered, none where it could not be reached. */
type ApiFailure = { status?: number; message?: string; name?: string };

/** Turns what a provider's SDK throws, after its own retries, into a fault with words for people. */
export function providerFault(
  provider: string,
  key: string,
  error: unknown,
  signal: AbortSignal,
): FaultError {
  if (error instanceof FaultError) return error;
  const { status, message = String(error) } = error as ApiFailure;
  const words = message.replace(/\s+/g, ' ').slice(0, 300);
  if (signal.aborted) return new FaultError('timeout', `${provider} did not answer in time.`);
  if (status === 401 || status === 403)
    return new FaultError('not-allowed', `${provider} refused the key (${status}): check ${key}.`);
  if (status === 429)
    return new FaultError('unreachable', `${provider} asks for a pause: its rate limit is reached (429).`);
  if (status !== undefined && status < 500 && status !== 408 && status !== 409)
    return new FaultError('refused', `${provider} refused the request (${status}): ${words}`);
  const what = status === undefined ? words : `${status}: ${words}`;
  return new FaultError('unreachable', `${provider} could not be reached (${what}).`);
}
