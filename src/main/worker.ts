import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Intake } from '../../jobs/consume.ts';
import { consumeLooks, consumePreviews } from '../../jobs/previews.ts';
import { consumeSteps } from '../../jobs/steps.ts';
import { startSweep } from '../../jobs/timers.ts';
import type { Config } from '../config/index.ts';
import type { Extensions } from '../domain/extensions.ts';
import type { Json } from '../domain/json.ts';
import type { SandboxReport } from '../domain/ports/sandbox.ts';
import type { Sealer } from '../domain/ports/secrets.ts';
import type { TerraformStates } from '../domain/ports/terraform-states.ts';
import type { Engine, WorkerEngine } from '../engine/engine.ts';
import { withSessionCache } from '../engine/session-cache.ts';
import { createSandbox } from '../sandbox/index.ts';
import type { CredentialReference } from '../vault/credentials.ts';
import { createRedactor } from '../vault/redact.ts';
import type { SeenValues } from '../vault/seen-values.ts';
import { foundSecretKeeper } from './found-secrets.ts';
import { startHeartbeat } from './heartbeat.ts';
import { openVault } from './open-vault.ts';
import { stepCode } from './package-root.ts';
import { sandboxOptions } from './sandbox-options.ts';

export type Worker = { sandbox: SandboxReport; stop(): Promise<void> };

/** How long a stop waits for steps that run, and for those to end that it then leaves to the lease; milliseconds. */
const drainMs = 22_000;
const leaveMs = 6_000;

/** Starts taking previews and steps. */
export async function startWorker(options: {
  config: Config;
  engine: Engine;
  references: ReadonlyMap<string, CredentialReference>;
  intake: Intake;
  sealer: Sealer;
  seen: SeenValues;
  terraform: TerraformStates;
  extensions: Extensions;
}): Promise<Worker> {
  const { config, engine, references, intake } = options;
  const { sealer, seen, terraform, extensions } = options;
  const vault = openVault({
    config,
    env: process.env,
    sealer,
    shelf: engine.store.queries,
    references,
    seen,
    nameInClusters: (person) => engine.people.find(person)?.kubernetes,
  });
  await vault.renewSecrets();
  const redactor = createRedactor({ values: vault.values });
  const production =
    config.mode === 'configured' && engine.environments.some(({ tier }) => tier === 'production');
  const sandbox = await createSandbox({
    ...stepCode,
    ...(await sandboxOptions(config, process.env)),
    extensions,
    workRoot: path.join(config.dataDir, 'work'),
    environments: engine.environments,
    credentials: vault.credentials,
    openSecret: vault.openSecret,
    redact: redactor.redactNow,
    httpAllow: config.httpAllow,
    terraform,
    logger: engine.logger,
    telemetry: engine.telemetry,
    isolation: production ? 'required' : 'if-available',
  });
  const stopping = new AbortController();
  const worker: WorkerEngine = {
    ...engine,
    sandbox: withSessionCache(sandbox),
    credentialVersion: vault.credentialVersion,
    sealer,
    renewSecrets: vault.renewSecrets,
    stopping: stopping.signal,
    worker: `${os.hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    modelHosts: config.llm.hosts,
    redact: async (value) => (await redactor.redactJson(value as Json)) as typeof value,
    conceal: async (value, found) => {
      const keep = foundSecretKeeper(engine.store, sealer, found);
      return (await redactor.concealJson(value as Json, keep)) as typeof value;
    },
  };
  const previews = consumePreviews(worker, intake);
  const looks = consumeLooks(worker, intake);
  const steps = consumeSteps(worker, intake, config.workers.concurrency);
  const timers = [startSweep(worker), await startHeartbeat(config.dataDir)];
  return {
    sandbox: sandbox.describe(),
    async stop() {
      await Promise.all(timers.map((timer) => timer.stop()));
      const drained = await Promise.all([
        previews.drain(drainMs),
        looks.drain(drainMs),
        steps.drain(drainMs),
      ]);
      if (drained.includes(false))
        engine.logger.warn({}, 'some steps did not end in time; they are left to the lease');
      stopping.abort();
      await steps.drain(leaveMs);
      await worker.sandbox.close();
    },
  };
}
