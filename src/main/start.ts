import path from 'node:path';
import { connectQueue } from '../../jobs/queues.ts';
import { type Config, environmentsView } from '../config/index.ts';
import type { Extensions } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { systemClock } from '../domain/ports/runtime.ts';
import type { Sealer } from '../domain/ports/secrets.ts';
import { defaultLimits, type Engine } from '../engine/engine.ts';
import { memoisePolicy } from '../policy/index.ts';
import {
  type DemoCluster,
  holdDataDir,
  type InstallPolicy,
  startDemoCluster,
  startServices,
} from '../services/index.ts';
import { createGroupStore } from '../store/group-store.ts';
import { migrate } from '../store/migrate.ts';
import { tellChanges } from '../store/notices.ts';
import { createPool } from '../store/pool.ts';
import { createStore } from '../store/store.ts';
import { createTerraformStates } from '../store/terraform-states.ts';
import { createFileLogger } from '../telemetry/logger.ts';
import { createCatalogue, tools } from '../tools/registry.ts';
import { loadPublicKey, loadSigningKey } from '../vault/keys.ts';
import { createSecretOpener } from '../vault/open-secret.ts';
import { createSealer } from '../vault/seal.ts';
import { createSeenValues, type SeenValues } from '../vault/seen-values.ts';
import type { SecretShelf } from '../vault/vault.ts';
import { createChanges } from './changes.ts';
import { configuredPolicy } from './configured-policy.ts';
import { connectionReferences } from './connections.ts';
import { loadExtensions } from './extensions.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { liveRoster } from './live-people.ts';
import { configuredMasterKeys } from './master-keys.ts';
import type { Asking } from './mcp-servers.ts';
import { openVault } from './open-vault.ts';
import { packageRoot } from './package-root.ts';
import { workerPeople } from './people.ts';
import { startWorker, type Worker } from './worker.ts';

export type StartOptions = {
  config: Config;
  env: NodeJS.ProcessEnv;
  install: InstallPolicy;
  ask?: (question: string) => Promise<boolean>;
  say: (line: string) => void;
  logger?: Logger;
};

export type Running = {
  gateway?: Gateway;
  worker?: Worker;
  demo?: DemoCluster;
  /** Drains what runs, then stops everything this process started or adopted, and nothing else. */
  stop(): Promise<void>;
};

/** Brings Reign up: services, schema, demo clusters, worker, gateway. What was started is stopped when a later part fails. */
export async function startReign(options: StartOptions): Promise<Running> {
  const { config, say } = options;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const parts = await startParts(options, undo);
    if (config.warnings.length > 0) for (const warning of config.warnings) say(`Warning: ${warning}`);
    return { ...parts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: StartOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<Running, 'stop'>> {
  const { config, env, say } = options;
  // A worker is a guest in the folder: the services and the demo clusters belong to the gateway.
  const guest = config.role === 'worker';
  if (!guest) {
    const hold = await holdDataDir(config.dataDir);
    undo.push(() => hold.release());
  } else if (!config.databaseUrl || !config.redisUrl) {
    throw new FaultError('bad-request', 'A worker needs DATABASE_URL and REDIS_URL: those of its gateway.');
  }
  const logger =
    options.logger ??
    createFileLogger(env['REIGN_LOG_LEVEL'] ?? 'info', path.join(config.dataDir, 'logs', 'reign.log'));
  const services = await startServices({ ...config, install: options.install, ask: options.ask, say });
  undo.push(() => services.stop());
  const demo = await startDemo(config, say);
  if (demo && !guest) undo.push(() => demo.stop());
  await migrate(services.databaseUrl, path.join(packageRoot, 'migrations'));
  // A worker can check the gateway's signatures and make none.
  const keys = path.join(config.dataDir, 'keys');
  const key = guest ? undefined : await loadSigningKey(keys);
  const verify = key?.verify ?? (await loadPublicKey(keys));
  const connection = connectQueue(services.redisUrl);
  undo.push(() => connection.close());
  const pools = openPools(config, services.databaseUrl);
  undo.push(() => Promise.all([pools.gateway.end(), pools.worker.end()]));
  const changes = createChanges((ids) =>
    tellChanges(config.role === 'worker' ? pools.worker : pools.gateway, ids),
  );
  undo.push(async () => changes.stop());
  const roster = liveRoster(config, env);
  const storeFor = (role: 'gateway' | 'worker') =>
    createStore(pools[role], { clock: systemClock, logger, changed: changes.changed });
  const seen = createSeenValues();
  const sealer = createSealer(configuredMasterKeys(config, env, path.join(keys, 'master.key'), seen));
  const references = connectionReferences(config, demo?.clusters ?? [], env);
  const shelf = config.role === 'gateway' ? undefined : storeFor('worker').queries;
  const asking = { references, sealer, seen, shelf };
  const given = { queue: connection.queue, logger, verifier: { verify } };
  const { base, extensions } = await engineParts(options, given, asking);
  const running: Omit<Running, 'stop'> = { ...(demo ? { demo } : {}) };
  if (config.role !== 'gateway') {
    const store = createGroupStore(pools.worker);
    const people = workerPeople(roster, { store, verifier: { verify }, logger });
    const engine = { ...base, people, store: storeFor('worker') };
    const terraform = createTerraformStates(pools.worker, sealer);
    const shared = { config, engine, references, sealer, seen, terraform, extensions };
    running.worker = await startWorker({ ...shared, redisUrl: services.redisUrl });
    undo.push(running.worker.stop);
  }
  if (key) {
    const engine = { ...base, store: storeFor('gateway'), signer: key, sealer };
    const sandbox = running.worker?.sandbox;
    running.gateway = await startGateway({
      config,
      engine,
      roster,
      pool: pools.gateway,
      changes,
      redisUrl: services.redisUrl,
      env,
      ...(sandbox ? { sandbox } : {}),
      ...(demo ? { demo } : {}),
    });
    undo.push(running.gateway.stop);
  }
  return running;
}

function openPools(config: Config, databaseUrl: string) {
  return {
    gateway: createPool(config.gatewayDatabaseUrl ?? databaseUrl, 'gateway', 12),
    worker: createPool(config.workerDatabaseUrl ?? databaseUrl, 'worker', 16),
  };
}

/** `shelf` holds the secrets that a worker may open; a gateway never does. */
type Asked = Pick<Asking, 'references'> & {
  sealer: Sealer;
  seen: SeenValues;
  shelf: SecretShelf | undefined;
};

async function engineParts(
  { config, env, say }: StartOptions,
  given: Pick<Engine, 'queue' | 'logger' | 'verifier'>,
  { references, sealer, seen, shelf }: Asked,
): Promise<{ base: Omit<Engine, 'store' | 'people'>; extensions: Extensions }> {
  const vault = shelf && openVault({ config, env, sealer, shelf, references, seen });
  if (config.mcp.length > 0) await vault?.renewSecrets();
  const openSecret = vault?.openSecret ?? createSecretOpener({ env });
  const workRoot = path.join(config.dataDir, 'work-asking');
  const asking = { references, openSecret, workRoot, logger: given.logger };
  const added = await loadExtensions(config, path.join(config.dataDir, 'extensions'), asking);
  for (const each of added.missing) say(`Warning: ${each}`);
  const base = {
    ...given,
    policy: memoisePolicy(configuredPolicy(config)),
    catalogue: createCatalogue([...tools, ...added.tools]),
    environments: environmentsView(config),
    clock: systemClock,
    followsUp: config.llm.provider !== undefined,
    limits: { ...defaultLimits, ...leaseFrom(env) },
  };
  return { base, extensions: added.extensions };
}

async function startDemo(config: Config, say: (line: string) => void): Promise<DemoCluster | undefined> {
  const wanted = config.environments.some(({ clusters }) => clusters.some(({ demo }) => demo));
  if (!wanted) return undefined;
  return startDemoCluster({
    dataDir: config.dataDir,
    entry: path.join(packageRoot, 'dist', 'demo-cluster.js'),
    say,
  });
}

/** For tests of lost workers; seconds. */
function leaseFrom(env: NodeJS.ProcessEnv): { leaseSeconds?: number; leaseGraceSeconds?: number } {
  const lease = Number(env['REIGN_LEASE_SECONDS'] ?? 0);
  return lease > 0 ? { leaseSeconds: lease, leaseGraceSeconds: Math.max(1, Math.round(lease / 4)) } : {};
}
