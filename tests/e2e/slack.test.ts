import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
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
import { describe, it, startTeam, type Team } from '../support/team.ts';

// Slack over Socket Mode, against a Slack server: what people do there, and what they see.

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

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
  if (process.env['SHOW_LOG'])
    console.log(await readFile(`${team.reign.dataDir}/logs/reign.log`, 'utf8').catch(String));
  await team?.stop();
  await slack?.stop();
});

const post: LocalSlack['post'] = (...about) => slack.post(...about);
const inThread: LocalSlack['inThread'] = (...about) => slack.inThread(...about);
const direct: LocalSlack['direct'] = (user) => slack.direct(user);
const directChannel: LocalSlack['directChannel'] = (user) => slack.directChannel(user);
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

describe.runIf(slackThere)('people', () => {
  it('who may not, and who is not known, are told so alone', async () => {
    const thread = await ask(users.alice, 'scale web to 6 in production');
    const card = await post(thread, /waiting for approval/);
    await slack.click(users.vic, card, 'approve');
    expect(await post(thread, /vic is a viewer/)).toMatchObject({ ephemeral_to: users.vic });
    await slack.click(users.mallory, card, 'approve');
    expect(await post(thread, /I do not know you/)).toMatchObject({ ephemeral_to: users.mallory });
    const strange = await ask(users.mallory, 'scale web to 0 in production');
    await post(strange, /I do not know you, so I can only help/);
    const help = await ask(users.mallory, 'help');
    await post(help, /I carry out infrastructure work/);
    expect(
      (await slack.messages()).some((each) =>
        wordsOf(each).includes('Scale deployment shop/web in production to 0'),
      ),
    ).toBe(false);
    await slack.command(users.bob, `reject ${planOf(card)} not now`);
  });

  it('approvers are told by direct message, once, and may decide there', async () => {
    const thread = await ask(users.alice, 'restart cart in production');
    await post(thread, /waiting for approval/);
    let notice: SlackPost | undefined;
    await until(
      async () => {
        notice = (await direct(users.carol)).find((each) =>
          wordsOf(each).includes('Restart deployment shop/cart'),
        );
        return notice !== undefined;
      },
      20_000,
      () => 'carol was not told',
    );
    const channel = await directChannel(users.carol);
    await slack.click(users.carol, notice as SlackPost, 'approve', { channel });
    await post(thread, /carol approved/);
    await post(thread, /succeeded.*Done/);
    const told = (await direct(users.carol)).filter((each) =>
      wordsOf(each).includes('Restart deployment shop/cart'),
    );
    expect(told).toHaveLength(1);
    expect(wordsOf(told[0] as SlackPost)).toMatch(/carol approved/);
    expect(buttonsOf(told[0] as SlackPost)).toEqual([]);
  });
});

describe.runIf(slackThere)('a button', () => {
  it('counts only on the message that it stands on, for the plan that it shows, as it is now', async () => {
    const one = await ask(users.alice, 'scale catalog to 5 in production');
    const other = await ask(users.alice, 'scale ledger to 5 in production');
    const [card, otherCard] = [
      await post(one, /waiting for approval/),
      await post(other, /waiting for approval/),
    ];
    const foreign = buttonsOf(otherCard)[0]?.value;
    await slack.click(users.bob, card, 'approve', { value: foreign as string });
    await post(one, /belongs to another plan/);
    await slack.click(users.bob, card, 'approve', { value: decision(card, 2) });
    await post(one, /it is at revision 1/);
    await slack.click(users.bob, { ...card, ts: '1.000001' }, 'approve', { value: decision(card, 1) });
    await until(
      async () =>
        (await slack.messages()).some((each) => wordsOf(each).includes('not on anything that I have posted')),
      10_000,
      () => 'the click was not refused',
    );
    await slack.click(users.bob, card, 'approve', { value: '{"do":"decide"' });
    await slack.click(users.bob, card, 'approve', { value: '{"do":"rm","plan":"x"}' });
    expect(
      await team.sql('select * from decisions where plan_id = any($1)', [[planOf(card), planOf(otherCard)]]),
    ).toEqual([]);

    await slack.click(users.bob, card, 'approve');
    await post(one, /succeeded.*Done/);
    await slack.click(users.carol, card, 'approve', { value: decision(card, 1) });
    await post(one, /there is nothing to decide/);
    expect(await team.sql('select * from decisions where plan_id = $1', [planOf(card)])).toHaveLength(1);
  });

  it('answers a question, and only for whom it was asked', async () => {
    const thread = await ask(users.alice, 'restart worker in staging');
    const question = await post(thread, /several namespaces/);
    await slack.click(users.bob, question, 'answer:0');
    await post(thread, /alice was asked this/);
    await slack.click(users.alice, question, 'answer:0');
    await post(thread, /Restart deployment \w+\/worker in staging/);
  });
});

describe.runIf(slackThere)('text', () => {
  it('between people starts nothing, but may answer what one of them was asked', async () => {
    const alone = await slack.say(users.alice, 'restart cart in staging');
    const thread = await ask(users.alice, 'restart worker in staging');
    await post(thread, /several namespaces/);
    await slack.say(users.bob, 'scale checkout to 0 in production', { thread });
    await slack.say(users.alice, 'hm, let me think', { thread });
    await slack.say(users.alice, 'payments', { thread });
    await post(thread, /Restart deployment payments\/worker in staging/);
    await slack.say(users.alice, 'scale checkout to 1 in staging', { thread });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await inThread(alone)).toEqual([]);
    const said = (await inThread(thread)).map(wordsOf).join('\n');
    expect(said).not.toMatch(/checkout/);
    const [kept] = await team.sql<{ count: string }>(
      `select count(*) from messages where text like '%checkout to 1 in staging%'`,
    );
    expect(kept?.count).toBe('0');
  });

  it('that is edited or deleted before it began takes the plan back', async () => {
    const thread = await ask(users.alice, 'scale web to 9 in production');
    const card = await post(thread, /waiting for approval/);
    await change(thread, users.alice, '<@U0BOT> scale web to 5 in production');
    await post(thread, /alice edited the message before it began/);
    const next = await post(thread, /to 5 replicas[\s\S]*Approve/);
    expect(planOf(next)).not.toBe(planOf(card));
    await remove(thread, users.alice, '<@U0BOT> scale web to 5 in production');
    await post(thread, /alice deleted the message before it began/);
    const open = await team.sql(`select id from plans where id = any($1) and ended_at is null`, [
      [planOf(card), planOf(next)],
    ]);
    expect(open).toEqual([]);
  });

  it('of tools and people is shown and not obeyed', async () => {
    const thread = await ask(
      users.alice,
      'scale web to 3 in staging &lt;!channel&gt; *bold* &amp; <http://evil.test|bank.test>',
    );
    await until(
      async () => (await inThread(thread)).length > 0,
      20_000,
      () => 'no answer',
    );
    const all = (await inThread(thread)).map(wordsOf).join('\n');
    expect(all).not.toMatch(/<!channel>|<http:\/\/evil/);
  });

  it('from production that is sensitive is for the asker alone, until they share it', async () => {
    const thread = await ask(users.bob, 'logs of checkout in production');
    const logs = await post(thread, /Only you see this/);
    expect(logs).toMatchObject({ ephemeral_to: users.bob });
    await slack.click(users.bob, logs, 'share');
    await until(
      async () =>
        (await inThread(thread)).some(
          (each) => each['ephemeral_to'] === undefined && /Logs|logs/.test(wordsOf(each)),
        ),
      20_000,
      () => 'nothing was shared',
    );
  });

  it('“quiet” keeps a thread to what matters', async () => {
    const thread = await ask(users.alice, 'list deployments in staging');
    await post(thread, /checkout/);
    await slack.say(users.alice, '<@U0BOT> quiet', { thread });
    await post(thread, /Only questions, approvals and final messages/);
    await slack.say(users.alice, '<@U0BOT> scale catalog to 4 in staging', { thread });
    const card = await post(thread, /Scale deployment shop\/catalog[\s\S]*waiting for approval/);
    await slack.click(users.alice, card, 'approve');
    await post(thread, /succeeded.*Done/);
    expect((await inThread(thread)).map(wordsOf).join('\n')).not.toMatch(/█/);
  });
});

describe.runIf(slackThere)('/reign', () => {
  const said = async (user: string, text: string): Promise<string> => {
    const before = (await slack.messages()).length;
    const answer = await slack.command(user, text);
    let words = JSON.stringify(answer);
    await until(
      async () => {
        const fresh = (await slack.messages()).slice(before).filter((each) => each['ephemeral_to'] === user);
        if (fresh.length > 0) words = fresh.map(wordsOf).join('\n');
        return fresh.length > 0;
      },
      20_000,
      () => `no answer to /reign ${text}: ${words}`,
    );
    return words;
  };

  it('lists, shows, decides, freezes and helps, for who asks alone', async () => {
    const thread = await ask(users.alice, 'scale payments-api to 4 in production');
    const id = planOf(await post(thread, /waiting for approval/));
    expect(await said(users.alice, 'status')).toContain(id);
    expect(await said(users.alice, `show ${id}`)).toContain('payments-api');
    expect(await said(users.alice, `approve ${id}`)).toContain('somebody else must approve it');
    expect(await said(users.vic, `approve ${id}`)).toContain('vic is a viewer');
    expect(await said(users.bob, `reject ${id} not today`)).toContain('rejected');
    await post(thread, /bob rejected[\s\S]*not today/);
    expect(await said(users.alice, 'freeze staging 1h release')).toContain('needs a lead');
    expect(await said(users.bob, 'freeze staging 1h release')).toContain('staging is frozen for 1h: release');
    expect(await said(users.alice, 'status')).toContain('staging is frozen: release');
    expect(await said(users.bob, 'unfreeze staging')).toContain('no longer frozen');
    expect(await said(users.alice, `audit ${id}`)).toContain('decision.reject');
    expect(await said(users.vic, 'help')).not.toContain('kubernetes.scale');
    expect(await said(users.alice, 'help')).toContain('kubernetes.scale');
    expect(await said(users.mallory, 'plans')).toContain('I do not know you');
    expect(await said(users.alice, 'dance')).toContain('There is no "/reign dance"');
    expect(await said(users.alice, 'show p-zzzzzzz')).toContain('There is no plan');
  });
});

describe.runIf(slackThere)('when Slack is not well', () => {
  it('what it refuses for a while arrives later, once and in order', async () => {
    await slack.fault({ method: 'chat.postMessage', times: 2, status: 429, retryAfter: 2 });
    await slack.fault({ method: 'chat.update', times: 2, status: 500 });
    const thread = await ask(users.alice, 'scale web to 4 in staging');
    const card = await post(thread, /waiting for approval/);
    await slack.fault({ method: 'chat.update', times: 1, status: 429, retryAfter: 1 });
    await slack.click(users.alice, card, 'approve');
    await post(thread, /succeeded.*Done/);
    await until(
      async () => {
        const all = (await inThread(thread)).map(wordsOf);
        return (
          all.some((each) => /alice approved/.test(each)) &&
          !all.some((each) => /Looking at it|: running/.test(each))
        );
      },
      20_000,
      () => 'something is left saying that it runs',
    );
    const posts = await inThread(thread);
    expect(
      posts.map((each) =>
        /alice approved/.test(wordsOf(each)) ? 'card' : /█/.test(wordsOf(each)) ? 'progress' : 'final',
      ),
    ).toEqual(['card', 'progress', 'final']);
  });

  it('an event that comes again, under another id and after the socket was cut, is answered once', async () => {
    const thread = await ask(users.alice, 'list pods in staging');
    await post(thread, /checkout/);
    await slack.control('POST', '/_sockets/again');
    await slack.control('POST', '/_sockets/drop');
    await until(
      async () => {
        const again = await ask(users.alice, 'list services in staging');
        await new Promise((resolve) => setTimeout(resolve, 2500));
        return (await inThread(again)).length > 0;
      },
      40_000,
      () => 'the socket did not come back',
    );
    await slack.control('POST', '/_sockets/again');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(await inThread(thread)).toHaveLength(1);
    const [messages] = await team.sql<{ count: string }>(
      'select count(*) from messages where dedupe_key like $1',
      [`%${thread}%`],
    );
    expect(messages?.count).toBe('1');
  });
});

function planOf(card: SlackPost): string {
  return /\bp-[a-z0-9]{7}\b/.exec(wordsOf(card))?.[0] ?? '';
}

function decision(card: SlackPost, revision: number): string {
  return JSON.stringify({ do: 'decide', plan: planOf(card), revision, verdict: 'approve' });
}

function change(ts: string, user: string, text: string): Promise<never> {
  const message = { type: 'message', user, text, ts, edited: { user, ts: `${ts}9` } };
  const previous_message = { type: 'message', user, text: 'before', ts };
  const event = {
    type: 'message',
    subtype: 'message_changed',
    channel: ops,
    ts: `${ts}9`,
    message,
    previous_message,
  };
  return slack.control('POST', '/_sockets/event', { event });
}

function remove(ts: string, user: string, text: string): Promise<never> {
  const previous_message = { type: 'message', user, text, ts };
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    channel: ops,
    ts: `${ts}8`,
    deleted_ts: ts,
    previous_message,
  };
  return slack.control('POST', '/_sockets/event', { event });
}

describe.runIf(slackThere)('the Home of the app', () => {
  it('shows what waits for me, what I asked for and what runs', async () => {
    const thread = await ask(users.alice, 'scale ledger to 6 in production');
    const id = planOf(await post(thread, /waiting for approval/));
    const homeOf = async (user: string): Promise<string> => {
      await slack.control('POST', '/_control/open-home', { user });
      let view = '';
      await until(
        async () => {
          view = JSON.stringify(await slack.control('GET', '/_control/state'));
          const log = JSON.stringify(await slack.control('GET', '/_control/log'));
          view = log.slice(log.lastIndexOf('views.publish'));
          return log.includes('views.publish');
        },
        10_000,
        () => 'no Home was published',
      );
      return view;
    };
    expect(await homeOf(users.bob)).toContain(id);
  });
});

describe.runIf(slackThere && browserPath !== undefined)('through Slack’s own page', () => {
  it('a plan is rejected with a reason, typed into the modal', async () => {
    const thread = await ask(users.alice, 'scale catalog to 9 in production');
    await post(thread, /waiting for approval/);
    const browser = await chromium.launch({ executablePath: browserPath as string, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1500, height: 1200 } });
      await page.goto(slack.url);
      await page.locator('select').first().selectOption({ label: 'carol' });
      await page
        .getByText(/1 repl/)
        .last()
        .click();
      await page.getByRole('button', { name: 'Reject' }).last().click();
      const field = page.getByText('Why? Whoever asked is told.').locator('xpath=following::input[1]');
      await field.fill('not on a Friday');
      await field.locator('xpath=following::button[normalize-space()="Reject"][1]').click();
      await post(thread, /carol rejected[\s\S]*not on a Friday/);
    } finally {
      await browser.close();
    }
  });

  it('a deletion is approved by typing what it deletes, and by nothing else', async () => {
    const thread = await ask(users.alice, 'delete the ingress web in production');
    await post(thread, /waiting for approval/);
    const browser = await chromium.launch({ executablePath: browserPath as string, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1500, height: 1200 } });
      await page.goto(slack.url);
      await page.locator('select').first().selectOption({ label: 'carol' });
      await page
        .getByText(/1 repl/)
        .last()
        .click();
      await page.getByRole('button', { name: 'Approve' }).last().click();
      const field = page
        .getByText(/Type that name/)
        .last()
        .locator('xpath=following::input[1]');
      await field.fill('wbe');
      const submit = field.locator('xpath=following::button[normalize-space()="Approve"][1]');
      await submit.click();
      await field.fill('web');
      await submit.click();
      await post(thread, /It is gone/);
    } finally {
      await browser.close();
    }
  });
});
