import path from 'node:path';
import { connectQueue } from '../../jobs/queues.ts';
import { watchReach } from '../../jobs/reach.ts';
import { type Config, environmentsView } from '../config/index.ts';
import type { Extensions } from '../domain/extensions.ts';
import { sha256 } from '../domain/json.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { systemClock } from '../domain/ports/runtime.ts';
import type { Sealer } from '../domain/ports/secrets.ts';
import { defaultLimits, type Engine } from '../engine/engine.ts';
import { memoisePolicy } from '../policy/index.ts';
import { type DemoCluster, type InstallPolicy, prepareDataDir, startDemoCluster } from '../services/index.ts';
import { createGroupStore } from '../store/group-store.ts';
import { tellChanges } from '../store/notices.ts';
import { createPool, ping } from '../store/pool.ts';
import { demandSameKey } from '../store/same-key.ts';
import { createStore } from '../store/store.ts';
import { createTerraformStates } from '../store/terraform-states.ts';
import type { OwnTelemetry } from '../telemetry/index.ts';
import { createCatalogue, tools } from '../tools/registry.ts';
import { loadPublicKey, loadSigningKey, type SigningKey } from '../vault/keys.ts';
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
import { bringUpToDate, openServices } from './open-services.ts';
import { openVault } from './open-vault.ts';
import { packageRoot } from './package-root.ts';
import { workerPeople } from './people.ts';
import { openLog, openTelemetry, showProcess } from './telemetry.ts';
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
  // Before anything is started: a policy with a mistake is the commonest reason not to.
  const policy = memoisePolicy(configuredPolicy(config));
  const { logger, telemetry } = await observe(options, undo);
  const { databaseUrl, redis } = await openServices(options, undo);
  const demo = await startDemo(config, say);
  if (demo && !guest) undo.push(() => demo.stop());
  await bringUpToDate(config, databaseUrl);
  // A worker can check the gateway's signatures and make none.
  const keys = path.join(config.dataDir, 'keys');
  const key = guest ? undefined : await loadSigningKey(keys);
  const verify = key?.verify ?? (await loadPublicKey(keys));
  const connection = connectQueue(redis);
  undo.push(() => connection.close());
  const pools = openPools(config, databaseUrl, key);
  undo.push(() => Promise.all([pools.gateway.end(), pools.worker.end()]));
  if (key) await demandSameKey(pools.gateway);
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
  const given = { queue: connection.queue, logger, telemetry, policy, verifier: { verify } };
  const { base, extensions } = await engineParts(options, given, asking);
  const pool = pools[guest ? 'worker' : 'gateway'];
  const reach = watchReach(() => ping(pool), logger);
  undo.push(() => reach.stop());
  const intake = { redis, reach };
  const running: Omit<Running, 'stop'> = { ...(demo ? { demo } : {}) };
  if (config.role !== 'gateway') {
    const store = createGroupStore(pools.worker);
    const people = workerPeople(roster, { store, verifier: { verify }, logger });
    const engine = { ...base, people, store: storeFor('worker') };
    const terraform = createTerraformStates(pools.worker, sealer);
    const shared = { config, engine, references, sealer, seen, terraform, extensions };
    running.worker = await startWorker({ ...shared, intake });
    undo.push(running.worker.stop);
  }
  undo.push(await showProcess(telemetry, { config, engine: base, pool, say, redis }));
  if (key) {
    const engine = { ...base, store: storeFor('gateway'), signer: key, sealer };
    const sandbox = running.worker?.sandbox;
    running.gateway = await startGateway({
      config,
      engine,
      expose: telemetry.expose,
      roster,
      pool: pools.gateway,
      changes,
      intake,
      env,
      ...(sandbox ? { sandbox } : {}),
      ...(demo ? { demo } : {}),
    });
    undo.push(running.gateway.stop);
  }
  return running;
}

async function observe(
  { config, env, logger: given }: StartOptions,
  undo: (() => Promise<unknown>)[],
): Promise<{ logger: Logger; telemetry: OwnTelemetry }> {
  if (config.telemetry.logs === 'file') await prepareDataDir(config.dataDir);
  const logger = given ?? openLog(config, env);
  const telemetry = await openTelemetry(config, env, logger);
  undo.push(() => telemetry.stop());
  return { logger, telemetry };
}

function openPools(config: Config, databaseUrl: string, key: SigningKey | undefined) {
  const mark = key && sha256(key.publicKey).slice(0, 12);
  return {
    gateway: createPool(config.gatewayDatabaseUrl ?? databaseUrl, 'gateway', 12, mark),
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
  given: Pick<Engine, 'queue' | 'logger' | 'telemetry' | 'policy' | 'verifier'>,
  { references, sealer, seen, shelf }: Asked,
): Promise<{ base: Omit<Engine, 'store' | 'people'>; extensions: Extensions }> {
  const asks = config.mcp.length > 0;
  const vault = asks && shelf ? openVault({ config, env, sealer, shelf, references, seen }) : undefined;
  await vault?.renewSecrets();
  const openSecret = vault?.openSecret ?? createSecretOpener({ env });
  const workRoot = path.join(config.dataDir, 'work-asking');
  const asking = { references, openSecret, workRoot, logger: given.logger };
  const added = await loadExtensions(config, path.join(config.dataDir, 'extensions'), asking);
  for (const each of added.missing) say(`Warning: ${each}`);
  const base = {
    ...given,
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
