import { toFault } from '../domain/fault.ts';
import type { CallOptions, StepSession } from '../domain/ports/sandbox.ts';

/**
 * A session whose calls to a plugin go to a process of that plugin's own: code that is not Reign's never shares a
 * process with a step of another tool, also within one plan. Each process is opened at the first call to it.
 */
export function separateSessions(plugins: readonly string[], open: () => Promise<StepSession>): StepSession {
  const sessions = new Map<string, Promise<StepSession>>();
  const opened: StepSession[] = [];
  const openNext = async (): Promise<StepSession> => {
    const session = await open();
    opened.push(session);
    return session;
  };
  const sessionOf = (operation: string): Promise<StepSession> => {
    const owner = plugins.find((name) => operation.startsWith(`${name}.`)) ?? '';
    const session = sessions.get(owner) ?? openNext();
    sessions.set(owner, session);
    return session;
  };
  return {
    async call(call, options) {
      try {
        const asked = Date.now();
        const session = await sessionOf(call.operation);
        return await session.call(call, later(options, Date.now() - asked));
      } catch (error) {
        return { ok: false, fault: toFault(error) };
      }
    },
    ended: () => opened.some((session) => session.ended()),
    async close() {
      await Promise.allSettled(sessions.values());
      await Promise.all(opened.map((session) => session.close()));
    },
  };
}

/** A look gets its whole time, however long its process took to open; the time of a write is that of its lease. */
function later(options: CallOptions, milliseconds: number): CallOptions {
  if (options.grant.write !== undefined) return options;
  return { ...options, deadline: new Date(options.deadline.getTime() + milliseconds) };
}
