import { type Fault, fault } from '../domain/fault.ts';
import type { CallOptions, StepCall, StepReply, StepSession } from '../domain/ports/sandbox.ts';
import type { Child } from './child.ts';
import { type Stopped, watchTime } from './deadline.ts';

export type SessionOptions = {
  child: Child;
  planId: string;
  redact: (text: string) => string;
  /** Told once when the session has ended, however it did. */
  onEnd: () => void;
};

/**
 * Serves one plan with one child. Calls run one after the other. The session ends with `close`, with the child, when
 * a call was stopped, and for code after its one write.
 */
export function createSession({ child, redact, onEnd }: SessionOptions): StepSession {
  let turn: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;
  let lastId = 0;
  const close = (): Promise<void> => {
    closed ??= child.end().finally(onEnd);
    return closed;
  };
  const run = async (call: StepCall, options: CallOptions): Promise<StepReply> => {
    if (closed !== undefined || !child.alive())
      return { ok: false, fault: fault('refused', 'This step process has ended. Open another.') };
    lastId += 1;
    const outcome = await runCall(child, lastId, call, options, redact);
    const used = child.profile === 'code' && (call.phase === 'execute' || call.phase === 'restore');
    if (outcome.stopped !== undefined || used || !child.alive()) await close();
    return clean(outcome.reply, redact);
  };
  return {
    call(call, options) {
      const reply = turn.then(() => run(call, options));
      turn = reply.catch(() => undefined);
      return reply;
    },
    close,
  };
}

type Outcome = { reply: StepReply; stopped: Stopped | undefined };

async function runCall(
  child: Child,
  id: number,
  call: StepCall,
  options: CallOptions,
  redact: (text: string) => string,
): Promise<Outcome> {
  const message = { type: 'call', id, call, connections: options.grant.connections } as const;
  child.started.limitMemory(options.memoryMb);
  const release = child.broker.activate(options.grant);
  const time = watchTime(child, options);
  try {
    const reply = await new Promise<StepReply>((resolve) => {
      time.onTimeUp(() => resolve(failed(timeUp(time.stopped()))));
      child.listen({
        message(said) {
          if (said.type === 'progress' && said.id === id) options.onProgress?.(redact(said.line));
          if (said.type === 'reply' && said.id === id) resolve(said.reply);
        },
        ended: () => resolve(failed(fault('internal', `The step ended early. ${child.lastWords()}`))),
      });
      if (!time.isUp() && !child.send(message))
        resolve(failed(fault('too-large', 'What the step is to work on is larger than 8 MB.')));
    });
    return { reply: explainStop(reply, time.stopped()), stopped: time.stopped() };
  } finally {
    time.clear();
    child.listen(undefined);
    release();
  }
}

/** A step that was stopped says that it failed in its own words; why it was stopped matters more. */
function explainStop(reply: StepReply, stopped: Stopped | undefined): StepReply {
  return reply.ok || stopped === undefined ? reply : failed(timeUp(stopped));
}

function timeUp(stopped: Stopped | undefined): Fault {
  return stopped === 'cancelled'
    ? fault('cancelled', 'The step was stopped.')
    : fault('timeout', 'The step did not end before its deadline and was stopped.');
}

function clean(reply: StepReply, redact: (text: string) => string): StepReply {
  if (reply.ok) return reply;
  return failed({ ...reply.fault, message: redact(reply.fault.message) });
}

function failed(because: Fault): StepReply {
  return { ok: false, fault: because };
}
