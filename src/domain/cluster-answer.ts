import { type FaultCode, FaultError, isFaultCode } from './fault.ts';

/** What a Kubernetes API answered. `fault` is the code that the broker gives when it, not the server, refuses. */
export type ClusterAnswer = { status: number; text: string; fault: string | undefined };

/** The fault for an answer of 400 or above, with the words of the server, or of the broker that refused. */
export function statusFault(
  { status, text, fault }: ClusterAnswer,
  where: string,
  asAsker = false,
): FaultError {
  const said = messageOf(text);
  const refused = asAsker && status === 403 ? refusedInWords(said, where) : undefined;
  if (refused !== undefined && fault === undefined) return new FaultError('not-allowed', refused);
  if (fault !== undefined) return new FaultError(isFaultCode(fault) ? fault : 'refused', said);
  return new FaultError(
    codeOf(status),
    [`${leadOf(status, where)}: ${said}`, ...adviceOf(status)].join('. '),
  );
}

/** What an answer says as JSON. Throws FaultError `unreachable` where something else than a cluster answers. */
export function parseAnswer<Value>(text: string, where: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    const why = `What answers as the cluster of ${where} is no Kubernetes API: it sent no JSON`;
    throw new FaultError('unreachable', `${why}. Check its address and \`reign doctor\`.`, { cause: error });
  }
}

/** "alice@example.com may not patch deployments in the namespace shop of staging", where the server said it so. */
function refusedInWords(said: string, where: string): string | undefined {
  const pattern =
    /User "([^"]+)" cannot (\S+) resource "([^"]+)"[^"]*"[^"]*"(?: in the namespace "([^"]+)")?/;
  const [, user, verb, resource, namespace] = pattern.exec(said) ?? [];
  if (user === undefined) return undefined;
  const place = namespace === undefined ? where : `the namespace ${namespace} of ${where}`;
  return `${user} may not ${verb} ${resource} in ${place}: Reign acts there as the person who asks.`;
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

function adviceOf(status: number): string[] {
  if (status === 401) return ['Renew the credential of its connection (`reign doctor` tells which)'];
  if (status === 403) return ['Grant it the right (kubernetes.can_i shows what it may), or ask for less'];
  return [];
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
