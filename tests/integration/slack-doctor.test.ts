import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSlack } from '../../adapters/slack/check.ts';
import { type LocalSlack, slackThere, startSlack, tokens } from '../support/local-slack/index.ts';

// What `reign doctor` says of Slack, each with what mends it.

let slack: LocalSlack;
const manifest = path.resolve(import.meta.dirname, '../../adapters/slack/manifest.yaml');

beforeAll(async () => {
  if (slackThere) slack = await startSlack();
});
afterAll(() => slack?.stop());

const good = () => ({ botToken: tokens.bot, appToken: tokens.app, apiUrl: slack.apiUrl });
const wrong = async (secrets: Parameters<typeof checkSlack>[0]) =>
  (await checkSlack(secrets, manifest)).filter(({ ok }) => !ok).map(({ name, says }) => `${name}: ${says}`);

describe.runIf(slackThere)('the doctor', () => {
  it('finds nothing wrong with what works', async () => {
    expect(await wrong(good())).toEqual([]);
  });

  it('says which token is missing, or is another kind of token', async () => {
    expect(await wrong({ appToken: tokens.app })).toEqual([
      expect.stringContaining('SLACK_BOT_TOKEN is missing'),
    ]);
    expect(await wrong({ ...good(), botToken: 'xapp-swapped' })).toContainEqual(
      expect.stringContaining('begins with xoxb-'),
    );
    expect(await wrong({ botToken: tokens.bot, apiUrl: slack.apiUrl })).toEqual([
      expect.stringContaining('no way in'),
    ]);
  });

  it('says when the token is refused, and when Slack does not answer', async () => {
    await slack.fault({ method: 'auth.test', times: 1, body: { ok: false, error: 'token_revoked' } });
    expect(await wrong(good())).toEqual([expect.stringMatching(/token_revoked.*check SLACK_BOT_TOKEN/)]);
    expect(await wrong({ ...good(), apiUrl: 'http://127.0.0.1:9/api/' })).toContainEqual(
      expect.stringContaining('Slack does not answer'),
    );
  });

  it('says which scopes of the manifest were not granted', async () => {
    const headers = { 'x-oauth-scopes': 'chat:write,commands' };
    await slack.fault({
      method: 'auth.test',
      times: 1,
      headers,
      body: { ok: true, user: 'reign', team: 'T' },
    });
    const [scopes = ''] = await wrong(good());
    expect(scopes).toMatch(
      /missing .*app_mentions:read.*: update the app from adapters\/slack\/manifest.yaml/,
    );
    expect(scopes).not.toContain('chat:write');
  });

  it('says when Socket Mode is off, and when a user group is not there', async () => {
    await slack.fault({
      method: 'apps.connections.open',
      times: 1,
      body: { ok: false, error: 'not_allowed' },
    });
    expect(await wrong(good())).toEqual([expect.stringContaining('switch Socket Mode on')]);
    const body = { ok: false, error: 'no_such_subteam' };
    await slack.fault({ method: 'usergroups.users.list', times: 1, body });
    expect(await wrong({ ...good(), groups: [{ name: 'leads', id: 'S1' }] })).toEqual([
      expect.stringMatching(/group leads: .*no_such_subteam.*check the id S1/),
    ]);
  });
});
