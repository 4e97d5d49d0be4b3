import { existsSync } from 'node:fs';
import path from 'node:path';
import { execPath } from 'node:process';
import { createOutput } from '../../cli/output.ts';
import { type Config, loadConfig } from '../../config/index.ts';
import { FaultError, toFault } from '../../domain/fault.ts';
import { silentLogger, systemClock } from '../../domain/ports/runtime.ts';
import { createSandbox } from '../../sandbox/index.ts';
import { embeddedPostgresUrl } from '../../services/index.ts';
import { tools as shipped } from '../../tools/registry.ts';
import { createCredentialSource } from '../../vault/credentials.ts';
import { createSeenValues } from '../../vault/seen-values.ts';
import { configuredPolicy } from '../configured-policy.ts';
import { withTools } from '../configured-tools.ts';
import { connectionReferences } from '../connections.ts';
import { configuredMasterKeys } from '../master-keys.ts';
import { packageRoot, stepCode, version } from '../package-root.ts';
import { fingerprintOf } from '../presence.ts';
import { sandboxOptions } from '../sandbox-options.ts';
import type { Check } from './check.ts';
import { checkConnections } from './connections.ts';
import { checkDatabase } from './database.ts';
import { checkMachine } from './machine.ts';
import { checkQueue } from './queue.ts';
import { checkReceiver } from './receiver.ts';
import { checkSecrets } from './secrets.ts';

export type Finding = { name: string; ok: boolean; says: string };

/** `reign doctor`: what is missing or wrong, each with the line that mends it. Exit code 1 when something is. */
export async function doctor(options: { config?: string; data?: string; json: boolean }): Promise<number> {
  const output = createOutput(options.json);
  const checks = await examine(options, (found) => {
    output.event({ type: 'check', ...found });
    output.say(`${found.ok ? 'ok  ' : 'FAIL'} ${found.name.padEnd(14)} ${found.says}`);
  });
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

/** Looks at everything that can be missing or wrong; `tell` hears of each check as it ends. */
export async function examine(
  options: { config?: string | undefined; data?: string | undefined },
  tell: (finding: Finding) => void = () => {},
): Promise<Finding[]> {
  const checks: Finding[] = [];
  const check: Check = async (name, work) => {
    const outcome = await Promise.resolve()
      .then(work)
      .then((says) => ({ name, ok: true, says }))
      .catch((error: unknown) => ({ name, ok: false, says: toFault(error).message }));
    checks.push(outcome);
    tell(outcome);
  };
  let config: Config | undefined;
  await check('configuration', () => {
    config = loadConfig({
      cwd: process.cwd(),
      env: process.env,
      file: options.config,
      dataDir: options.data,
    });
    return config.mode === 'demo' ? 'demo mode (no reign.yaml)' : (config.file ?? 'from the environment');
  });
  await check('node', node);
  if (config) await checkParts(config, check);
  return checks;
}

/** The oldest that is tested. */
const leastNode = [20, 20] as const;

function node(): string {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]))
    return `${process.version} at ${execPath}`;
  throw new FaultError(
    'unsupported',
    `Node ${process.version} is too old: install ${leastNode.join('.')} or newer.`,
  );
}

async function checkParts(config: Config, check: Check): Promise<void> {
  let policy: string | undefined;
  await check('policy', () => {
    policy = configuredPolicy(config).hash;
    return config.policy.files.join(', ');
  });
  await checkMachine(config, check);
  await check('sandbox', () => sandboxReport(config));
  if (config.plugins.length + config.mcp.length > 0) await check('own tools', () => ownTools(config));
  await checkServices(config, policy, check);
  await checkReceiver(config, process.env, check);
  // Demo clusters are known to the Reign that runs them.
  const references = connectionReferences(config, [], process.env);
  await checkSecrets(config, references, check, (credentials) =>
    checkConnections(references.keys(), config.environments, credentials, check),
  );
  for (const { name, ok, says } of await slackChecks(config)) {
    await check(name, () => {
      if (!ok) throw new FaultError('refused', says);
      return says;
    });
  }
  await check('running', async () => {
    const file = path.join(config.dataDir, 'run.json');
    if (!existsSync(file)) return 'not running; `npm start` starts it';
    const { connect } = await import('../../cli/client.ts');
    const client = await connect({ dataDir: config.dataDir });
    const ready = (await (await fetch(`${client.url}/readyz`)).json()) as { checks: Record<string, string> };
    return `${client.url} at ${systemClock.now().toISOString()}: ${JSON.stringify(ready.checks)}`;
  });
}

/** Postgres and Redis: one's own, or where Reign has started them. */
async function checkServices(config: Config, policy: string | undefined, check: Check): Promise<void> {
  const own = path.join(config.dataDir, 'keys', 'master.key');
  const running = existsSync(path.join(config.dataDir, 'run.json'));
  const url = config.databaseUrl ?? (running ? await embeddedPostgresUrl(config.dataDir) : undefined);
  if (url !== undefined) {
    const wrapper = configuredMasterKeys(config, process.env, own, createSeenValues());
    const isFile = config.vault.masterKey === undefined && !process.env['REIGN_MASTER_KEY'];
    await checkDatabase(config, url, { wrapper, ownFile: isFile ? own : undefined }, check);
  }
  const gatewayKey = await fingerprintOf(config.dataDir);
  const here = { version, policy: policy?.slice(0, 12), gatewayKey };
  if (config.redis !== undefined) await checkQueue(config.redis, here, check);
}

async function ownTools(config: Config): Promise<string> {
  const { names, missing } = await withTools(config, async (tools, missing) => {
    const own = tools.filter((tool) => !shipped.includes(tool));
    return { names: own.map(({ name, operations }) => `${name} (${operations.length})`), missing };
  });
  if (missing.length > 0) throw new FaultError('unreachable', missing.join(' '));
  return names.join(', ');
}

async function slackChecks({ secrets, groups }: Config) {
  if (!Object.keys(secrets).some((name) => name.startsWith('SLACK_'))) return [];
  const { checkSlack } = await import('../../../adapters/slack/check.ts');
  const given = {
    botToken: secrets['SLACK_BOT_TOKEN'],
    appToken: secrets['SLACK_APP_TOKEN'],
    signingSecret: secrets['SLACK_SIGNING_SECRET'],
    apiUrl: secrets['SLACK_API_URL'],
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const ours = groups.filter(({ platform }) => platform === 'slack');
  return checkSlack({ ...set, groups: ours }, path.join(packageRoot, 'adapters/slack/manifest.yaml'));
}

async function sandboxReport(config: Config): Promise<string> {
  const given = await sandboxOptions(config, process.env);
  const sandbox = await createSandbox({
    ...stepCode,
    ...{ ...given, poolSize: 0 },
    // The worker that runs here already listens on the port itself.
    ...(given.pod === undefined ? {} : { pod: { ...given.pod, port: 0 } }),
    workRoot: path.join(config.dataDir, 'work-doctor'),
    environments: [],
    credentials: createCredentialSource(new Map()),
    redact: (text) => text,
    httpAllow: [],
    logger: silentLogger,
    isolation: 'required',
  });
  const { backend, holds, lacks } = sandbox.describe();
  await sandbox.close();
  return `${backend}; holds: ${holds.join(', ')}${lacks.length > 0 ? `; lacks: ${lacks.join(', ')}` : ''}`;
}
