import { readFileSync } from 'node:fs';
import { LogLevel, webApi } from '@slack/bolt';
import { chatError } from './client.ts';

export type SlackCheck = { name: string; ok: boolean; says: string };

type Secrets = {
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  apiUrl?: string;
  /** User groups that give roles. */
  groups?: readonly { name: string; id: string }[];
};

/** Scopes that the manifest asks for, each with its reason there. */
export function manifestScopes(manifest: string): string[] {
  const [, list = ''] = /bot:\n((?:\s+- [^\n]+\n)+)/.exec(manifest) ?? [];
  return [...list.matchAll(/- ([a-z_:.]+)/g)].map(([, scope = '']) => scope);
}

/** What is wrong with the configuration of Slack, each with what mends it; for `reign doctor`. Asks Slack. */
export async function checkSlack(secrets: Secrets, manifestFile: string): Promise<SlackCheck[]> {
  const { botToken, appToken, signingSecret } = secrets;
  if (!botToken) {
    const stray = appToken || signingSecret;
    return stray
      ? [
          {
            name: 'slack',
            ok: false,
            says: 'SLACK_BOT_TOKEN is missing: OAuth & Permissions, "Bot User OAuth Token"',
          },
        ]
      : [];
  }
  const checks: SlackCheck[] = [formOf(botToken, 'xoxb-', 'SLACK_BOT_TOKEN', 'OAuth & Permissions')];
  if (appToken)
    checks.push(formOf(appToken, 'xapp-', 'SLACK_APP_TOKEN', 'Basic Information, "App-Level Tokens"'));
  if (!appToken && !signingSecret) {
    const says =
      'no way in: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP at /slack/events)';
    checks.push({ name: 'slack events', ok: false, says });
  }
  checks.push(...(await tokenChecks(secrets, manifestFile)));
  if (appToken) checks.push(await socketCheck(secrets));
  for (const group of secrets.groups ?? []) checks.push(await groupCheck(secrets, group));
  return checks;
}

function formOf(token: string, begins: string, name: string, where: string): SlackCheck {
  const ok = token.startsWith(begins);
  const says = ok ? 'has the right form' : `begins with ${begins}…: copy it from ${where}`;
  return { name, ok, says };
}

async function tokenChecks({ botToken, apiUrl }: Secrets, manifestFile: string): Promise<SlackCheck[]> {
  try {
    const answer = await new webApi.WebClient(botToken, optionsFor(apiUrl)).auth.test();
    const who: SlackCheck = {
      name: 'slack token',
      ok: true,
      says: `${answer.user} in ${answer.team} (${answer.team_id})`,
    };
    const given = answer.response_metadata?.scopes;
    if (given === undefined)
      return [who, { name: 'slack scopes', ok: true, says: 'Slack does not say which were granted' }];
    const missing = manifestScopes(readFileSync(manifestFile, 'utf8')).filter(
      (scope) => !given.includes(scope),
    );
    const says =
      missing.length === 0
        ? 'all that the manifest asks for, the slash command among them'
        : `missing ${missing.join(', ')}: update the app from adapters/slack/manifest.yaml and install it again`;
    return [who, { name: 'slack scopes', ok: missing.length === 0, says }];
  } catch (error) {
    return [{ name: 'slack token', ok: false, says: `${chatError(error).message}; check SLACK_BOT_TOKEN` }];
  }
}

async function socketCheck({ appToken, apiUrl }: Secrets): Promise<SlackCheck> {
  const name = 'slack events';
  try {
    await new webApi.WebClient(appToken, optionsFor(apiUrl)).apps.connections.open({});
    return { name, ok: true, says: 'Socket Mode opens' };
  } catch (error) {
    const says = `${chatError(error).message}; switch Socket Mode on, and give SLACK_APP_TOKEN the scope connections:write`;
    return { name, ok: false, says };
  }
}

async function groupCheck(
  { botToken, apiUrl }: Secrets,
  { name: group, id }: { name: string; id: string },
): Promise<SlackCheck> {
  const name = `group ${group}`;
  try {
    const client = new webApi.WebClient(botToken, optionsFor(apiUrl));
    const { users = [] } = await client.usergroups.users.list({ usergroup: id });
    return { name, ok: true, says: `${users.length} members hold its roles` };
  } catch (error) {
    return { name, ok: false, says: `${chatError(error).message}; check the id ${id} in reign.yaml` };
  }
}

function optionsFor(apiUrl: string | undefined): object {
  const where = apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` };
  return { retryConfig: { retries: 0 }, timeout: 10_000, logLevel: LogLevel.ERROR, ...where };
}
