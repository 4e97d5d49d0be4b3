import { existsSync } from 'node:fs';
import path from 'node:path';
import { execPath } from 'node:process';
import { createOutput } from '../cli/output.ts';
import { type Config, loadConfig } from '../config/index.ts';
import { FaultError, toFault } from '../domain/fault.ts';
import { silentLogger, systemClock } from '../domain/ports/runtime.ts';
import { createSandbox } from '../sandbox/index.ts';
import { tools as shipped } from '../tools/registry.ts';
import { createCredentialSource } from '../vault/credentials.ts';
import { configuredPolicy } from './configured-policy.ts';
import { withTools } from './configured-tools.ts';
import { connectionReferences } from './connections.ts';
import { checkSecrets } from './doctor-secrets.ts';
import { packageRoot, stepCode } from './package-root.ts';

type Check = { name: string; ok: boolean; says: string };

/** `reign doctor`: what is missing or wrong, each with the line that mends it. Exit code 1 when something is. */
export async function doctor(options: { config?: string; data?: string; json: boolean }): Promise<number> {
  const output = createOutput(options.json);
  const checks: Check[] = [];
  const check = async (name: string, work: () => Promise<string> | string) => {
    const outcome = await Promise.resolve()
      .then(work)
      .then((says) => ({ name, ok: true, says }))
      .catch((error: unknown) => ({ name, ok: false, says: toFault(error).message }));
    checks.push(outcome);
    output.event({ type: 'check', ...outcome });
    output.say(`${outcome.ok ? 'ok  ' : 'FAIL'} ${name.padEnd(14)} ${outcome.says}`);
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
  await check('node', () => `${process.version} at ${execPath}`);
  if (config) await checkParts(config, check);
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

async function checkParts(
  config: Config,
  check: (name: string, work: () => Promise<string> | string) => Promise<void>,
): Promise<void> {
  await check('policy', () => {
    configuredPolicy(config);
    return config.policy.files.join(', ');
  });
  await check('sandbox', () => sandboxReport(config));
  if (config.plugins.length + config.mcp.length > 0) await check('own tools', () => ownTools(config));
  const references = connectionReferences(config, [], process.env);
  await checkSecrets(config, references, check, async (credentials) => {
    for (const id of references.keys()) {
      await check(id, async () => {
        const { url, folder } = await credentials.access(id);
        if (folder === undefined) return `${new URL(url).host || 'socket'} (address and credential found)`;
        if (!existsSync(folder)) throw new FaultError('not-found', `The folder ${folder} does not exist.`);
        return folder;
      });
    }
  });
  for (const { name, ok, says } of await slackChecks(config)) {
    await check(name, () => {
      if (!ok) throw new FaultError('refused', says);
      return says;
    });
  }
  await check('running', async () => {
    const file = path.join(config.dataDir, 'run.json');
    if (!existsSync(file)) return 'not running; `npm start` starts it';
    const { connect } = await import('../cli/client.ts');
    const client = await connect({ dataDir: config.dataDir });
    const ready = (await (await fetch(`${client.url}/readyz`)).json()) as { checks: Record<string, string> };
    return `${client.url} at ${systemClock.now().toISOString()}: ${JSON.stringify(ready.checks)}`;
  });
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
  const { checkSlack } = await import('../../adapters/slack/check.ts');
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
  const sandbox = await createSandbox({
    ...stepCode,
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
