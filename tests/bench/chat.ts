import { spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createApi, until } from '../support/reign.ts';
import { removeData } from '../support/remove-data.ts';
import { percentile } from './services.ts';
import { type SlackDouble, startSlackDouble } from './slack-double.ts';

const team = `
people:
  - { name: alice, roles: [operator], slack: T01TEST/U01ALICE }
  - { name: bob, roles: [lead], slack: T01TEST/U02BOB }
environments:
  staging: { tier: nonproduction, clusters: { main: { demo: true } } }
`;

/** Events a second, on two ways in turn; a tenth of them comes twice. */
const perSecond = 50;
const channels = 100;

/**
 * Slack's events at a steady rate while plans run: milliseconds from an event to its acknowledgement, which comes once
 * it is stored. Throws when a message was lost, was stored twice, or got no reply or two.
 */
export async function chatAcknowledgement(root: string, seconds: number) {
  const slack = await startSlackDouble();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'reign-bench-chat-'));
  await writeFile(path.join(dataDir, 'reign.yaml'), team);
  const child = spawn(
    process.execPath,
    [path.join(root, 'dist/reign.js'), 'start', '--port', '0', '--no-install', '--data', dataDir],
    { cwd: dataDir, env: environment(slack, dataDir), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  const ended = new Promise((resolve) => child.on('close', resolve));
  try {
    await until(
      () => output.includes('Reign is up') && slack.connected(),
      60_000,
      () => output,
    );
    return await measure(slack, dataDir, seconds);
  } finally {
    child.kill('SIGTERM');
    await ended;
    await slack.stop();
    await removeData(dataDir);
  }
}

async function measure(slack: SlackDouble, dataDir: string, seconds: number) {
  const { url } = JSON.parse(await readFile(path.join(dataDir, 'run.json'), 'utf8')) as { url: string };
  const api = createApi(dataDir);
  const times: number[] = [];
  const sent: Promise<unknown>[] = [];
  let stop = false;
  const plans = runPlans(api, () => stop);
  const all = perSecond * seconds;
  let addressed = 0;
  const begun = performance.now();
  for (let n = 0; n < all; n += 1) {
    const event = eventOf(n);
    if (event.text.startsWith('<@')) addressed += 1;
    const ways = [() => slack.bySocket(event), () => slack.byHttp(url, event)];
    const twice = n % 10 === 0 ? ways : [ways[n % 2] as () => Promise<number>];
    for (const send of twice) sent.push(send().then((milliseconds) => times.push(milliseconds)));
    const pause = begun + ((n + 1) * 1000) / perSecond - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await Promise.all(sent);
  stop = true;
  const ran = await plans;
  const replies = () => [...slack.posted.keys()].filter((key) => key.startsWith('r-m-')).length;
  await until(
    () => replies() >= addressed,
    120_000,
    () => `${replies()} of ${addressed} messages were answered`,
  );
  const doubled = [...slack.posted].filter(([, times]) => times > 1);
  if (replies() !== addressed || doubled.length > 0)
    throw new Error(
      `${replies()} replies to ${addressed} messages; doubled: ${JSON.stringify(doubled.slice(0, 5))}`,
    );
  return {
    chat_events: times.length,
    chat_plans_meanwhile: ran,
    chat_ack_ms_p50: percentile(times, 0.5),
    chat_ack_ms_p99: percentile(times, 0.99),
  };
}

/** Three of four are people talking to each other, the rest asks Reign. */
function eventOf(n: number) {
  const text = n % 4 === 0 ? '<@U0BOT> status' : `has anybody seen ${n}?`;
  const user = n % 3 === 0 ? 'U02BOB' : 'U01ALICE';
  const ts = `${1_000_000 + n}.000100`;
  return {
    type: 'message',
    channel: `C${String(n % channels).padStart(4, '0')}`,
    channel_type: 'channel',
    user,
    text,
    ts,
  };
}

async function runPlans(api: ReturnType<typeof createApi>, stopped: () => boolean): Promise<number> {
  let ran = 0;
  for (let replicas = 2; !stopped(); replicas = replicas === 2 ? 3 : 2) {
    const plan = await api.planFor(`scale catalog to ${replicas} in staging`);
    await api.decide(plan);
    await api.until(plan.id, ({ endedAt }) => endedAt !== undefined);
    ran += 1;
  }
  return ran;
}

function environment(slack: SlackDouble, home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: home,
    NO_COLOR: '1',
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_APP_TOKEN: 'xapp-bench',
    SLACK_SIGNING_SECRET: slack.secret,
    SLACK_API_URL: slack.apiUrl,
  };
}
