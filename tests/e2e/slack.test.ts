import { afterAll, beforeAll, expect } from 'vitest';
import { describe, it, startTeam, type Team } from '../attack/support.ts';
import {
  buttonsOf,
  type LocalSlack,
  ops,
  type SlackPost,
  slackThere,
  startSlack,
  tokens,
  users,
  wordsOf,
} from '../support/local-slack/index.ts';
import { until } from '../support/reign.ts';

// Slack over Socket Mode, against a Slack server: what people do there, and what they see.

let slack: LocalSlack;
let team: Team;

beforeAll(async () => {
  if (!slackThere) return;
  slack = await startSlack();
  team = await startTeam('', {
    SLACK_BOT_TOKEN: tokens.bot,
    SLACK_APP_TOKEN: tokens.app,
    SLACK_API_URL: slack.apiUrl,
  });
  const connected = async () => (await (await fetch(`${team.url}/readyz`)).text()).includes('"slack":"ok"');
  await until(connected, 20_000, () => 'Slack is not connected');
});
afterAll(async () => {
  await team?.stop();
  await slack?.stop();
});

const inThread = async (thread: string, channel = ops) =>
  (await slack.messages(channel)).filter((post) => post.thread_ts === thread && post.user === 'U0BOT');

/** The post of a thread that says something, as it is then. */
async function post(thread: string, words: RegExp, channel = ops): Promise<SlackPost> {
  let found: SlackPost | undefined;
  let all: SlackPost[] = [];
  await until(
    async () => {
      all = await inThread(thread, channel);
      found = all.find((each) => words.test(wordsOf(each)));
      return found !== undefined;
    },
    30_000,
    () => `nothing says ${words} in ${JSON.stringify(all.map(wordsOf), null, 1)}`,
  );
  return found as SlackPost;
}

const ask = (user: string, text: string) => slack.say(user, `<@U0BOT> ${text}`);

describe.runIf(slackThere)('a change in production', () => {
  it('is asked for, refused to its author, approved by another, watched and undone, all in the thread', async () => {
    const thread = await ask(users.alice, 'scale checkout to 7 in production');
    const card = await post(thread, /waiting for approval/);
    expect(wordsOf(card)).toMatch(/production \(production, demo cluster\)/);
    expect(wordsOf(card)).toMatch(/Scale deployment shop\/checkout in production to 7/);
    expect(buttonsOf(card).map(({ action_id }) => action_id)).toEqual([
      'reign:approve',
      'reign:reject',
      'reign:request-changes',
      'reign:details',
    ]);

    await slack.click(users.alice, card, 'approve');
    await post(thread, /somebody else must approve it/);
    expect(team.replicas('production', 'checkout')).toBe(6);

    await slack.click(users.bob, card, 'approve');
    const final = await post(thread, /succeeded.*Done, and checked/);
    expect(team.replicas('production', 'checkout')).toBe(7);
    const closed = await post(thread, /bob approved/);
    expect(closed.ts).toBe(card.ts);
    expect(buttonsOf(closed)).toEqual([]);
    const progress = await post(thread, /█{10}/);
    expect(wordsOf(progress)).toMatch(/succeeded/);
    expect(wordsOf(progress)).not.toMatch(/running/);

    await slack.click(users.alice, final, 'undo');
    await post(thread, /Undo: Scale.*[\s\S]*alice approved \(own undo within the hour\)/);
    await until(
      () => team.replicas('production', 'checkout') === 6,
      20_000,
      () => 'not undone',
    );
  });
});
