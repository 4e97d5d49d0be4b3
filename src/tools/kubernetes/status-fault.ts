import { type FaultCode, FaultError, faultTable } from '../../domain/fault.ts';

/** `fault` is the code that the broker gives when it, not the server, refuses. */
export type Answer = { status: number; text: string; fault: string | undefined };

/** The fault for an answer of 400 or above, with the words of the server, or of the broker that refused. */
export function statusFault({ status, text, fault }: Answer, where: string): FaultError {
  const said = messageOf(text);
  if (fault !== undefined) return new FaultError(isFaultCode(fault) ? fault : 'refused', said);
  return new FaultError(codeOf(status), `${leadOf(status, where)}: ${said}`);
}

function isFaultCode(text: string): text is FaultCode {
  return Object.hasOwn(faultTable, text);
}

function codeOf(status: number): FaultCode {
  switch (status) {
    case 401:
    case 403:
      return 'not-allowed';
    case 404:
      return 'not-found';
    case 409:
      return 'conflict';
    case 413:
      return 'too-large';
    case 400:
    case 405:
    case 415:
    case 422:
      return 'bad-request';
    default:
      return 'unreachable';
  }
}

function leadOf(status: number, where: string): string {
  switch (status) {
    case 401:
      return `The cluster of ${where} does not accept Reign's credential`;
    case 403:
      return `Reign's account may not do this in ${where}`;
    default:
      return `The cluster of ${where} answered ${status}`;
  }
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // A plain text answer is its own message.
  }
  return text.trim().slice(0, 300) || 'without a message';
}
