import type { AuditCheckpoint } from '../src/domain/audit.ts';
import { toFault } from '../src/domain/fault.ts';
import type { Logger } from '../src/domain/ports/runtime.ts';
import type { Retention } from '../src/domain/retention.ts';
import { type NoticeOptions, notifyApprovers } from '../src/engine/chat/notify-approvers.ts';
import type { Engine } from '../src/engine/engine.ts';
import { eraseOld } from '../src/engine/erase-old.ts';
import { forgetFoundSecrets } from '../src/engine/forget-found-secrets.ts';
import { sweep } from '../src/engine/sweep.ts';

export type Timer = { stop(): Promise<void> };

/** Sweeps about once a second. */
export function startSweep(engine: Engine): Timer {
  return every(1_000, engine.logger, 'the sweep failed', () => sweep(engine));
}

/** Forgets about once a minute what has been kept for long enough. */
export function startForgetting(engine: Engine): Timer {
  return every(60_000, engine.logger, 'found secrets could not be forgotten', () =>
    forgetFoundSecrets(engine),
  );
}

/** Erases about every ten minutes what has been kept for long enough. */
export function startErasing(engine: Engine, retention: Retention): Timer {
  return every(600_000, engine.logger, 'what is old could not be erased', () => eraseOld(engine, retention));
}

/** Tells approvers what waits for them, about every two seconds. */
export function startNotices(options: NoticeOptions): Timer {
  const { logger } = options.engine;
  return every(2_000, logger, 'approvers could not be told', () => notifyApprovers(options));
}

/** Asks chat platforms about once a minute who belongs to which group; a decision asks for itself. */
export function startRenewals({ people, logger }: Engine): Timer {
  return every(60_000, logger, 'groups could not be looked up', async () => {
    const problem = await people.renew();
    if (problem) logger.warn({ problem }, 'groups could not be looked up');
  });
}

/** Takes an audit checkpoint about every ten seconds, and once more at the end. */
export function startCheckpoints(logger: Logger, take: () => Promise<AuditCheckpoint | undefined>): Timer {
  const timer = every(10_000, logger, 'no audit checkpoint could be taken', take);
  return {
    async stop() {
      await timer.stop();
      await take().catch(() => {});
    },
  };
}

/** Runs `work` again and again, never twice at once, and waits for the one under way when stopped. */
export function every(
  milliseconds: number,
  logger: Logger,
  failure: string,
  work: () => Promise<unknown>,
): Timer {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const run = () => {
    running = work()
      .catch((error: unknown) => logger.warn({ error: toFault(error).message }, failure))
      .finally(() => {
        if (!stopped) timer = setTimeout(run, milliseconds);
      });
  };
  run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
