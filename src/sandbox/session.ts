import { type Fault, fault } from '../domain/fault.ts';
import type { CallOptions, StepCall, StepReply, StepSession } from '../domain/ports/sandbox.ts';
import type { Place, Telemetry } from '../domain/ports/telemetry.ts';
import type { Child } from './child.ts';
import { type Stopped, watchTime } from './deadline.ts';
import type { ReportedSpan } from './protocol.ts';

export type SessionOptions = {
  child: Child;
  planId: string;
  redact: (text: string) => string;
  telemetry: Telemetry;
  /** Told once when the session has ended, however it did. */
  onEnd: () => void;
};

/**
 * Serves one plan with one child. Calls run one after the other. The session ends with `close`, with the child, when
 * a call was stopped, and for code after its one write.
 */
export function createSession({ child, planId, redact, telemetry, onEnd }: SessionOptions): StepSession {
  let turn: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;
  let lastId = 0;
  const close = (): Promise<void> => {
    closed ??= child.end().finally(onEnd);
    return closed;
  };
  const ended = (): boolean => closed !== undefined || !child.alive();
  const run = async (call: StepCall, options: CallOptions): Promise<StepReply> => {
    if (ended()) {
      telemetry.count('reign_sandbox_refusals_total', { code: 'refused' });
      return failed(fault('refused', 'This step process has ended. Open another.'));
    }
    lastId += 1;
    const release = child.broker.activate(options.grant, planId);
    const outcome = await runCall(child, lastId, call, options, { redact, telemetry }).finally(release);
    const used = child.profile === 'code' && (call.phase === 'execute' || call.phase === 'restore');
    if (outcome.stopped !== undefined || used || !child.alive()) await close();
    return clean(outcome.reply, redact);
  };
  const traced = ({ operation, phase }: StepCall) => ({
    name: `${phase} ${operation}`,
    kind: 'client' as const,
    attributes: {
      'reign.operation': operation,
      'reign.phase': phase,
      'reign.sandbox.profile': child.profile,
    },
  });
  const runTraced = (call: StepCall, options: CallOptions): Promise<StepReply> =>
    telemetry.span(traced(call), async (span) => {
      const reply = await run(call, options);
      if (!reply.ok) span.fail(reply.fault.code);
      return reply;
    });
  return {
    call(call, options) {
      const reply = turn.then(() => runTraced(call, options));
      turn = reply.catch(() => undefined);
      return reply;
    },
    ended,
    close,
  };
}

type Outcome = { reply: StepReply; stopped: Stopped | undefined };
type Around = Pick<SessionOptions, 'redact' | 'telemetry'>;

async function runCall(
  child: Child,
  id: number,
  call: StepCall,
  options: CallOptions,
  { redact, telemetry }: Around,
): Promise<Outcome> {
  const place = telemetry.place();
  const trace = place === undefined ? {} : { trace: place.traceparent };
  const message = { type: 'call', id, call, connections: options.grant.connections, ...trace } as const;
  const showSpan = spansOf(place, Date.now());
  const cutOff = (because: Fault): StepReply => {
    telemetry.count('reign_sandbox_refusals_total', { code: because.code });
    return failed(because);
  };
  child.started.bound(options);
  const time = watchTime(child, options);
  try {
    const reply = await new Promise<StepReply>((resolve) => {
      time.onTimeUp(() => resolve(cutOff(timeUp(time.stopped()))));
      child.listen({
        message(said) {
          if (said.type === 'progress' && said.id === id) options.onProgress?.(redact(said.line));
          if (said.type === 'span' && said.id === id) showSpan(said);
          if (said.type === 'reply' && said.id === id) resolve(said.reply);
        },
        ended: () => resolve(cutOff(fault('internal', `The step ended early. ${child.lastWords()}`))),
      });
      if (!time.isUp() && !child.send(message))
        resolve(cutOff(fault('too-large', 'What the step is to work on is larger than 8 MB.')));
    });
    return { reply: explainStop(reply, time.stopped()), stopped: time.stopped() };
  } finally {
    time.clear();
    child.listen(undefined);
  }
}

const mostSpans = 100;

/** What a step reports of itself is not trusted: it stays within its call, and there is an end to it. */
function spansOf(place: Place | undefined, from: number): (span: ReportedSpan) => void {
  let left = mostSpans;
  return ({ name, startedAt, endedAt }) => {
    left -= 1;
    if (place === undefined || left < 0) return;
    const within = (time: number): number => Math.min(Math.max(time, from), Date.now());
    place.report({ name, startedAt: within(startedAt), endedAt: within(endedAt) });
  };
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
