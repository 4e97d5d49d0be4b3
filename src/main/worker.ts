import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { consumeLooks, consumePreviews } from '../../jobs/previews.ts';
import { consumeSteps } from '../../jobs/steps.ts';
import { startSweep } from '../../jobs/timers.ts';
import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { Json } from '../domain/json.ts';
import type { SandboxReport } from '../domain/ports/sandbox.ts';
import type { Engine, WorkerEngine } from '../engine/engine.ts';
import { withSessionCache } from '../engine/session-cache.ts';
import { createSandbox } from '../sandbox/index.ts';
import { type CredentialReference, createCredentialSource } from '../vault/credentials.ts';
import { createRedactor } from '../vault/redact.ts';
import { stepCode } from './package-root.ts';

export type Worker = { sandbox: SandboxReport; stop(): Promise<void> };

/** How long a stop waits for steps that run; then they are left to the lease, in milliseconds. */
const drainMs = 25_000;

/** Starts taking previews and steps. */
export async function startWorker(options: {
  config: Config;
  engine: Engine;
  references: ReadonlyMap<string, CredentialReference>;
  redisUrl: string;
}): Promise<Worker> {
  const { config, engine, references, redisUrl } = options;
  const credentials = createCredentialSource(references);
  const redactor = createRedactor({ values: credentials.values });
  const production =
    config.mode === 'configured' && engine.environments.some(({ tier }) => tier === 'production');
  const sandbox = await createSandbox({
    ...stepCode,
    workRoot: path.join(config.dataDir, 'work'),
    environments: engine.environments,
    credentials,
    redact: redactor.redactNow,
    httpAllow: config.httpAllow,
    logger: engine.logger,
    isolation: production ? 'required' : 'if-available',
  });
  const worker: WorkerEngine = {
    ...engine,
    sandbox: withSessionCache(sandbox),
    credentialVersion: (connectionId) => credentials.version(connectionId),
    worker: `${os.hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    modelHosts: config.llm.hosts,
    redact: async (value) => (await redactor.redactJson(value as Json)) as typeof value,
  };
  const previews = consumePreviews(worker, redisUrl);
  const looks = consumeLooks(worker, redisUrl);
  const steps = consumeSteps(worker, redisUrl, config.workers.concurrency);
  const sweep = startSweep(worker);
  return {
    sandbox: sandbox.describe(),
    async stop() {
      await sweep.stop();
      const drained = await Promise.all([
        previews.drain(drainMs),
        looks.drain(drainMs),
        steps.drain(drainMs),
      ]);
      if (drained.includes(false)) {
        engine.logger.warn(
          {},
          new FaultError('timeout', 'some steps did not end in time; they will be cleared up').message,
        );
      }
      await worker.sandbox.close();
    },
  };
}
