import { existsSync } from 'node:fs';
import type { ConnectionState } from '../api/context.ts';
import { usualKubeconfig } from '../vault/kubeconfig.ts';
import type { GatewayOptions } from './gateway.ts';

/** What is connected and what is not, and how to connect it; for the banner, the page and `doctor`. */
export function connectionStates(
  options: Pick<GatewayOptions, 'config' | 'env' | 'sandbox' | 'demo'>,
): ConnectionState[] {
  return [
    planner(options),
    ...chats(options),
    docker(options),
    clusters(options),
    terraform(options),
    sandbox(options),
  ];
}

type Options = Parameters<typeof connectionStates>[0];

function planner({ config: { mode, llm } }: Options): ConnectionState {
  const name = 'LLM';
  if (llm.provider) return { name, state: 'connected', hint: `${llm.model} by ${llm.provider}` };
  const without = 'simple requests are understood without one';
  return mode === 'demo'
    ? { name, state: 'off', hint: `${without}; not in demo mode, \`npx reign init\` ends it` }
    : { name, state: 'missing', hint: `${without}; set ANTHROPIC_API_KEY, or llm in reign.yaml` };
}

function chats({ config, env }: Options): ConnectionState[] {
  const set = (name: string) => Boolean(config.secrets[name] || env[name]);
  const state = (name: string) => (config.mode === 'demo' ? 'off' : set(name) ? 'connected' : 'missing');
  const missing = 'README, "Slack"; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN';
  const socket = set('SLACK_APP_TOKEN') ? 'Socket Mode' : '';
  const http = set('SLACK_SIGNING_SECRET') ? 'HTTP at /slack/events' : '';
  const how =
    [socket, http].filter(Boolean).join(' and ') || 'no way in: set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET';
  const slack = set('SLACK_BOT_TOKEN') ? how : missing;
  const later = 'not in demo mode; `npx reign init` ends it';
  return [
    { name: 'Slack', state: state('SLACK_BOT_TOKEN'), hint: config.mode === 'demo' ? later : slack },
    teams(config, state('MicrosoftAppId'), later),
  ];
}

function teams(config: Options['config'], state: ConnectionState['state'], later: string): ConnectionState {
  if (config.mode === 'demo') return { name: 'Teams', state, hint: later };
  if (config.secrets['REIGN_TEAMS_UNAUTHENTICATED'] === '1')
    return { name: 'Teams', state: 'connected', hint: 'NOT AUTHENTICATED, for a local emulator only' };
  const missing = 'README, "Teams"; set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId';
  return { name: 'Teams', state, hint: state === 'connected' ? 'messages at /api/messages' : missing };
}

function docker({ config }: Options): ConnectionState {
  const name = 'Docker';
  const engines = config.environments.flatMap((environment) => environment.docker);
  if (engines.length > 0)
    return { name, state: 'connected', hint: engines.map((engine) => engine.name).join(', ') };
  const found = existsSync('/var/run/docker.sock');
  return {
    name,
    state: found ? 'off' : 'missing',
    hint: found ? 'found /var/run/docker.sock; `npx reign init` would use it' : 'no engine on this machine',
  };
}

function clusters({ config, env }: Options): ConnectionState {
  const name = 'Clusters';
  if (config.mode === 'demo') {
    const file = usualKubeconfig(env);
    const found = existsSync(file) ? `; found ${file}, which \`npx reign init\` would use` : '';
    return { name, state: 'connected', hint: `two demo clusters, staging and production${found}` };
  }
  const all = config.environments.flatMap((environment) =>
    environment.clusters.map(
      (cluster) => `${environment.name}/${cluster.name}${cluster.demo ? ' (demo cluster)' : ''}`,
    ),
  );
  return all.length > 0
    ? { name, state: 'connected', hint: all.join(', ') }
    : { name, state: 'missing', hint: 'name one below environments.<name>.clusters in reign.yaml' };
}

function terraform({ config, env }: Options): ConnectionState {
  const name = 'Terraform';
  const workspaces = config.environments.flatMap(({ name: environment, services }) =>
    services.filter(({ kind }) => kind === 'terraform').map((each) => `${environment}/${each.name}`),
  );
  const folders = (env['PATH'] ?? '').split(':');
  const found = ['terraform', 'tofu'].find((program) =>
    folders.some((folder) => existsSync(`${folder}/${program}`)),
  );
  if (found === undefined) return { name, state: 'missing', hint: 'neither terraform nor tofu on PATH' };
  return workspaces.length > 0
    ? { name, state: 'connected', hint: workspaces.join(', ') }
    : { name, state: 'off', hint: `found ${found}; name folders below environments.<name>.terraform` };
}

function sandbox({ sandbox: report }: Options): ConnectionState {
  const name = 'Sandbox';
  if (!report) return { name, state: 'off', hint: 'steps run in the workers' };
  if (report.isolates) return { name, state: 'connected', hint: report.backend };
  return {
    name,
    state: 'missing',
    hint: 'steps run without isolation and code is refused; install bubblewrap',
  };
}
