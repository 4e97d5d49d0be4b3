import type { EnvironmentView } from '../domain/environment.ts';
import type { Extensions } from '../domain/extensions.ts';
import { type Fault, fault, isFaultCode } from '../domain/fault.ts';
import { isObject, type Json } from '../domain/json.ts';
import type { StepCall, StepReply } from '../domain/ports/sandbox.ts';

/** The descriptor over which worker and step talk: one JSON message a line, both ways. */
export const channelDescriptor = 3;

/** The longest line that either side reads. */
export const lineLimitBytes = 8 * 1024 * 1024;

/** What the worker tells a step. `hello` comes once and first; `call` names the connections it may use. */
export type WorkerMessage =
  | {
      type: 'hello';
      environments: readonly EnvironmentView[];
      socketPath: string;
      workFolder: string;
      programs: boolean;
      /** With their folders as the step sees them. */
      extensions?: Extensions;
    }
  /** `trace` is W3C's traceparent, where what happens is traced: the step then reports spans of its own. */
  | { type: 'call'; id: number; call: StepCall; connections: readonly string[]; trace?: string };

/** What a step tells the worker. Written by a process that is not trusted: read it with {@link parseHostMessage}. */
export type HostMessage =
  | { type: 'ready' }
  | { type: 'reply'; id: number; reply: StepReply }
  | { type: 'progress'; id: number; line: string }
  | ReportedSpan;

/** What a step says that took time; milliseconds since 1970. */
export type ReportedSpan = { type: 'span'; id: number; name: string; startedAt: number; endedAt: number };

/** The message in a line from a step; undefined when it is none. */
export function parseHostMessage(line: string): HostMessage | undefined {
  const message = parseObject(line);
  if (message === undefined) return undefined;
  if (message.type === 'ready') return { type: 'ready' };
  const { id } = message;
  if (typeof id !== 'number') return undefined;
  if (message.type === 'progress' && typeof message.line === 'string')
    return { type: 'progress', id, line: message.line };
  if (message.type === 'span') return parseSpan(id, message);
  if (message.type !== 'reply') return undefined;
  const reply = parseReply(message.reply);
  return reply && { type: 'reply', id, reply };
}

/** The object in a JSON text; undefined for everything else. */
export function parseObject(text: string): { [key: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? (value as { [key: string]: Json }) : undefined;
  } catch {
    return undefined;
  }
}

function parseSpan(id: number, message: { [key: string]: Json }): HostMessage | undefined {
  const { name, startedAt, endedAt } = message;
  if (typeof name !== 'string' || typeof startedAt !== 'number' || typeof endedAt !== 'number')
    return undefined;
  return { type: 'span', id, name: name.slice(0, 60), startedAt, endedAt };
}

function parseReply(value: Json | undefined): StepReply | undefined {
  if (!isObject(value)) return undefined;
  const reply = value as { [key: string]: Json };
  if (reply.ok === true) return { ok: true, value: reply.value ?? null };
  const parsed = reply.ok === false ? parseFault(reply.fault) : undefined;
  return parsed && { ok: false, fault: parsed };
}

function parseFault(value: Json | undefined): Fault | undefined {
  if (!isObject(value)) return undefined;
  const { code, message } = value as { [key: string]: Json };
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  return fault(isFaultCode(code) ? code : 'internal', message.slice(0, 16_384));
}
