import type { FaultCode } from '../domain/fault.ts';
import type { Sandbox, StepSession } from '../domain/ports/sandbox.ts';

/** How long an idle process waits for more of its own plan, in milliseconds. */
const idleMs = 20_000;
const mostIdle = 8;

type Idle = { planId: string; session: StepSession; timer: NodeJS.Timeout };

/**
 * A sandbox that keeps a tool process for its plan a little while after each use: resolve, preview and the first step
 * of one plan share one. Never handed to another plan; code processes are never kept.
 */
export function withSessionCache(sandbox: Sandbox): Sandbox {
  const idle: Idle[] = [];
  const take = (planId: string): StepSession | undefined => {
    const index = idle.findIndex((entry) => entry.planId === planId);
    const [found] = index < 0 ? [] : idle.splice(index, 1);
    clearTimeout(found?.timer);
    return found?.session;
  };
  const drop = (entry: Idle | undefined) => {
    if (!entry) return Promise.resolve();
    clearTimeout(entry.timer);
    const index = idle.indexOf(entry);
    if (index >= 0) idle.splice(index, 1);
    return entry.session.close();
  };
  const keep = (planId: string, session: StepSession) => {
    const entry: Idle = { planId, session, timer: setTimeout(() => void drop(entry), idleMs) };
    entry.timer.unref();
    idle.push(entry);
    if (idle.length > mostIdle) void drop(idle[0]);
  };
  return {
    describe: () => sandbox.describe(),
    async open(options) {
      if (options.profile === 'code') return sandbox.open(options);
      const first = take(options.planId) ?? (await sandbox.open(options));
      const another = () => sandbox.open(options);
      return borrowed(first, another, (session, healthy) => {
        if (healthy && !session.ended()) keep(options.planId, session);
        else void session.close();
      });
    },
    async close() {
      await Promise.all([...idle].map(drop));
      await sandbox.close();
    },
  };
}

/**
 * Passes calls on, to another process where the one before has ended. After a fault that leaves its state in doubt, a
 * process is not kept.
 */
function borrowed(
  first: StepSession,
  another: () => Promise<StepSession>,
  giveBack: (session: StepSession, healthy: boolean) => void,
): StepSession {
  let session = first;
  let healthy = true;
  let open = true;
  return {
    async call(call, options) {
      if (open && session.ended()) {
        void session.close();
        session = await another();
      }
      const reply = await session.call(call, options);
      if (!reply.ok && doubtful.has(reply.fault.code)) healthy = false;
      return reply;
    },
    ended: () => !open,
    async close() {
      if (open) giveBack(session, healthy);
      open = false;
    },
  };
}

const doubtful: ReadonlySet<FaultCode> = new Set(['timeout', 'internal', 'cancelled']);
