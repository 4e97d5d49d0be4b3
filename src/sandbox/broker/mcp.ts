import { isObject } from '../../domain/json.ts';
import { type JudgedRequest, type Judgement, needsRule, refuse } from './judgement.ts';

/** What a client says that calls no tool. */
const talk = new Set([
  'initialize',
  'ping',
  'tools/list',
  'notifications/initialized',
  'notifications/cancelled',
]);

/**
 * Judges a message to an MCP server. A call of a tool goes to the path that names it, so that rules can: it is read
 * where the configuration lists the tool as a read, and a write everywhere else, whatever the server says of it. What
 * is sent on is the message as it was understood here.
 */
export function judgeMcp({ method, path, body }: JudgedRequest, reads: readonly string[]): Judgement {
  if (method === 'DELETE') return { verdict: 'read' };
  if (method !== 'POST') return refuse(`${method} is not passed on.`);
  const message = parse(body);
  if (message === undefined) return refuse('This is no single message of the protocol.');
  const plain = Buffer.from(JSON.stringify(message));
  const { method: said, params } = message;
  if (said === undefined) return judgeAnswer(message, plain);
  if (typeof said === 'string' && talk.has(said)) return { verdict: 'read', body: plain };
  if (said !== 'tools/call') return refuse(`The message ${String(said)} is not passed on.`);
  const name = isObject(params) ? params['name'] : undefined;
  if (typeof name !== 'string' || path.decoded !== `/${name}`)
    return refuse('The path does not name the tool that is called.');
  if (reads.includes(name)) return { verdict: 'read', body: plain };
  return { ...needsRule(`It calls ${name}, which is not listed as a read.`), body: plain } as Judgement;
}

/** What a server asks of its client is not granted: only that there is nothing, or an error, is passed. */
function judgeAnswer(message: Record<string, unknown>, body: Buffer): Judgement {
  const { result, error } = message;
  const empty = isObject(result) && Object.keys(result).length === 0;
  if (empty || (result === undefined && isObject(error))) return { verdict: 'read', body };
  return refuse('What the server asks of Reign is not answered.');
}

function parse(body: Buffer | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body?.toString('utf8') ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
