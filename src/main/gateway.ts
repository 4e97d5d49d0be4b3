import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { createWebAdapter } from '../../adapters/web/index.ts';
import type { Intake } from '../../jobs/consume.ts';
import { consumeGateway, consumeThoughts } from '../../jobs/gateway.ts';
import {
  startCheckpoints,
  startErasing,
  startForgetting,
  startRenewals,
  startSweep,
  type Timer,
} from '../../jobs/timers.ts';
import { alertsWebhook } from '../api/alerts.ts';
import type { ApiContext } from '../api/context.ts';
import { createOidc } from '../api/oidc.ts';
import { createServer } from '../api/server.ts';
import { newSignInLink } from '../api/session-routes.ts';
import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { ChatPlatform, Webhook } from '../domain/ports/chat-platform.ts';
import type { Planner } from '../domain/ports/planner.ts';
import type { SandboxReport } from '../domain/ports/sandbox.ts';
import type { Sealer } from '../domain/ports/secrets.ts';
import type { Runbook } from '../domain/runbook.ts';
import { takeCheckpoint } from '../engine/checkpoint.ts';
import type { Engine, GatewayEngine } from '../engine/engine.ts';
import type { Signer } from '../engine/ports.ts';
import { verifyAudit } from '../engine/verify-audit.ts';
import { createBuiltinPlanner } from '../planner/index.ts';
import { alertRuleProblems } from '../runbooks/alert-rule-problems.ts';
import { loadRunbooks } from '../runbooks/index.ts';
import type { DemoCluster } from '../services/index.ts';
import { createAuditSource, createCheckpointStore } from '../store/audit-store.ts';
import { createGroupStore } from '../store/group-store.ts';
import { hearChanges } from '../store/notices.ts';
import { createSessionStore } from '../store/sessions.ts';
import { createRedactor } from '../vault/redact.ts';
import { fileAnchor, readAnchors } from './anchor.ts';
import { exportLines } from './audit-export.ts';
import type { Changes } from './changes.ts';
import { type Chat, createChat } from './chat.ts';
import { chatPlatforms } from './chat-platforms.ts';
import { connectionStates } from './connection-states.ts';
import { examine } from './doctor/index.ts';
import type { Roster } from './live-people.ts';
import { llmParts } from './llm.ts';
import { createOnCall } from './on-call.ts';
import { packageRoot } from './package-root.ts';
import { gatewayPeople } from './people.ts';
import { runWebTerminal } from './web-terminal.ts';

export type Gateway = {
  /** The address people open, without a trailing slash. */
  url: string;
  /** A single-use sign-in link. */
  link(person: string): Promise<string>;
  states: ReturnType<typeof connectionStates>;
  stop(): Promise<void>;
};

export type GatewayOptions = {
  config: Config;
  engine: Omit<Engine, 'people'> & { signer: Signer; sealer: Sealer };
  /** Metrics as Prometheus reads them. */
  expose: ApiContext['expose'];
  roster: () => Roster;
  pool: pg.Pool;
  changes: Changes;
  intake: Intake;
  env: NodeJS.ProcessEnv;
  sandbox?: SandboxReport;
  demo?: DemoCluster;
};

/** What the banner and an empty thread propose. */
export const thingsToTry = [
  'scale checkout to 6 in staging',
  'restart cart in production',
  'set the image of web in staging to registry.demo/web:bad',
];

/** Starts reading messages, taking decisions and serving the web and the command line. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, pool, changes, intake } = options;
  const { catalogue, clock, signer, logger } = options.engine;
  const runbooks = loadRunbooks(config.runbookFolders, catalogue.all);
  const planner = createBuiltinPlanner({ catalogue: catalogue.all, runbooks });
  // The first message must not wait for it.
  planner.prepare();
  let url = '';
  const planUrl = (id: string) => `${config.server.publicUrl ?? url}/#/plan/${id}`;
  const platforms = await chatPlatforms({ config, planUrl, logger });
  const engine = await gatewayEngine(options, platforms, planner, runbooks);
  const anchorFile = config.audit.anchorFile ?? path.join(config.dataDir, 'audit-anchor.jsonl');
  const checkpointStore = createCheckpointStore(pool);
  const anchor = fileAnchor(anchorFile);
  const checkpoint = () => takeCheckpoint(checkpointStore, { signer, anchor, clock });
  const states = connectionStates(options);
  let hosts: string[] = [];
  const chat = createChat(config, engine, { platforms, pool, changes, planUrl });
  const context: ApiContext = {
    webhooks: [...chat.webhooks, ...alertsOf(config, engine, runbooks)],
    engine,
    sessions: createSessionStore(pool),
    commandLine: { token: randomBytes(32).toString('base64url'), person: commandLinePerson(config) },
    mode: config.mode,
    hosts: () => hosts,
    connections: () => states,
    ...oidcOf(config, () => url),
    examples: thingsToTry,
    runbooks,
    terminal: runWebTerminal,
    doctor: shared(() => examine({ config: config.file, data: config.dataDir })),
    ready: () => readiness(pool, engine, chat),
    expose: options.expose,
    verifyAudit: shared(async () => {
      await checkpoint();
      return verifyAudit(createAuditSource(pool), engine.verifier, await readAnchors(anchorFile));
    }),
    exportAudit: () => exportLines(createAuditSource(pool), path.join(config.dataDir, 'keys', 'gateway.pub')),
    onChange: changes.onChange,
    plugins: [createWebAdapter({ pageFolder: path.join(packageRoot, 'dist', 'page') }).routes],
  };
  const app = await createServer(context);
  const stopHearing = await hearChanges(pool, changes.heard);
  url = await listen(app, config).catch(async (error: unknown) => {
    // What listens holds a connection of the pool, and the process would wait for it for ever.
    await stopHearing();
    throw error;
  });
  hosts = hostsOf(url, config);
  const consumers = [consumeGateway(engine, intake), consumeThoughts(engine, intake)];
  const timers = startTimers(engine, config, checkpoint);
  await chat.start();
  const runFile = path.join(config.dataDir, 'run.json');
  const run = { url, pid: process.pid, ...context.commandLine };
  await writeFile(runFile, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  return {
    url,
    states,
    link: async (person) => `${url}/#token=${await newSignInLink(context, person)}`,
    async stop() {
      await rm(runFile, { force: true });
      await chat.stop();
      await Promise.all(consumers.map((consumer) => consumer.drain(10_000)));
      await app.close();
      await Promise.all(timers.map((timer) => timer.stop()));
      await stopHearing();
    },
  };
}

/** Whoever asks while it works gets the same answer: it is asked by anybody, and takes long. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

function startTimers(
  engine: GatewayEngine,
  { retention }: Config,
  checkpoint: Parameters<typeof startCheckpoints>[1],
): Timer[] {
  return [
    startSweep(engine),
    startCheckpoints(engine.logger, checkpoint),
    startRenewals(engine),
    // No worker may delete what was found.
    startForgetting(engine),
    startErasing(engine, retention),
  ];
}

/** What every gateway's use cases are given: people by configuration and group, the planners, who is on call. */
async function gatewayEngine(
  { config, engine, roster, pool }: GatewayOptions,
  platforms: readonly ChatPlatform[],
  planner: Planner,
  runbooks: readonly Runbook[],
): Promise<GatewayEngine> {
  const people = gatewayPeople(roster, { platforms, store: createGroupStore(pool), signer: engine.signer });
  const llm = await llmParts(config, engine.catalogue, runbooks, engine.telemetry);
  const mask = createRedactor({ values: () => [] }).redact;
  return { ...engine, people, planner, mask, ...llm, onCall: createOnCall(config, people.all) };
}

/** Throws FaultError `bad-request` for rules that no runbook fits. */
function alertsOf(
  { secrets, alerts: { rules, ...where } }: Config,
  engine: GatewayEngine,
  runbooks: readonly Runbook[],
): Webhook[] {
  const problems = alertRuleProblems(rules, runbooks, engine.catalogue.all);
  if (problems.length > 0) throw new FaultError('bad-request', `reign.yaml: ${problems.join('; ')}.`);
  const token = secrets['REIGN_ALERTS_TOKEN'];
  return token ? [alertsWebhook(engine, { token, ...where, starts: { rules, runbooks } })] : [];
}

function oidcOf({ oidc, secrets, server }: Config, url: () => string): Pick<ApiContext, 'oidc'> {
  if (!oidc) return {};
  const clientSecret = secrets['REIGN_OIDC_CLIENT_SECRET'];
  const publicUrl = () => server.publicUrl ?? url();
  return { oidc: createOidc({ ...oidc, publicUrl, ...(clientSecret ? { clientSecret } : {}) }) };
}

function commandLinePerson(config: Config): string {
  const first = config.people.find(({ principals }) =>
    principals.some(({ platform }) => platform === 'local'),
  );
  if (!first)
    throw new FaultError('bad-request', 'reign.yaml names nobody who may use the terminal (local: true).');
  return first.name;
}

async function listen(app: Awaited<ReturnType<typeof createServer>>, config: Config): Promise<string> {
  const { host, port } = config.server;
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new FaultError(
        'conflict',
        `Port ${port} is in use. Choose another with --port, or --port 0 for a free one.`,
      );
    }
    throw new FaultError('internal', `Cannot listen on ${host}:${port}: ${message}`);
  }
  const address = app.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function hostsOf(url: string, config: Config): string[] {
  const { host, port } = new URL(url);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  const known = config.oidc && config.server.publicUrl ? [new URL(config.server.publicUrl).host] : [];
  return [...new Set([host, `${config.server.host}:${port}`, ...loopback, ...known])];
}

async function readiness(
  pool: pg.Pool,
  engine: Engine,
  chat: Chat,
): Promise<{ ok: boolean; checks: Record<string, string> }> {
  const say = (work: Promise<unknown>) => work.then(() => 'ok').catch((error: Error) => error.message);
  const [postgres, redis] = await Promise.all([say(pool.query('select 1')), say(engine.queue.ping())]);
  // A chat that is away stops nothing: what is to be said there waits.
  const chats = await chat.states().catch(() => ({}));
  return { ok: postgres === 'ok' && redis === 'ok', checks: { postgres, redis, ...chats } };
}
