import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../reign.ts';

export const slackThere = (process.env['PATH'] ?? '')
  .split(':')
  .some((folder) => existsSync(path.join(folder, 'local-slack')));
if (!slackThere)
  console.warn('NOT TESTED: Slack, since local-slack is not on PATH (npm run test:setup installs it).');

export const tokens = {
  bot: 'xoxb-test-token',
  app: 'xapp-test-token',
  secret: 'signing-secret-of-the-tests',
};

export type SlackPost = {
  ts: string;
  user: string;
  text: string;
  thread_ts?: string;
  blocks?: {
    type: string;
    text?: { text: string };
    elements?: { text?: string | { text: string }; action_id?: string; value?: string }[];
  }[];
  ephemeral?: boolean;
  [more: string]: unknown;
};

export type LocalSlack = {
  url: string;
  apiUrl: string;
  /** Says something as a person. @returns the message's ts. */
  say(user: string, text: string, options?: { channel?: string; thread?: string }): Promise<string>;
  messages(channel?: string): Promise<SlackPost[]>;
  command(user: string, text: string, channel?: string): Promise<unknown>;
  /** Clicks the button of a message whose action_id ends with `button`. */
  click(
    user: string,
    post: SlackPost,
    button: string,
    options?: { channel?: string; value?: string },
  ): Promise<unknown>;
  control(method: 'GET' | 'POST', route: string, body?: unknown): Promise<never>;
  /** What Reign has posted in a thread. */
  inThread(thread: string, channel?: string): Promise<SlackPost[]>;
  /** The post of a thread that says something, as it is then. */
  post(thread: string, words: RegExp, channel?: string): Promise<SlackPost>;
  /** The direct conversation between Reign and a person. */
  directChannel(user: string): Promise<string>;
  direct(user: string): Promise<SlackPost[]>;
  /** The next answers of a Web API method; `times: 0` forgets what was said of it before. */
  fault(fault: {
    method: string;
    times: number;
    status?: number;
    retryAfter?: number;
    headers?: Record<string, string>;
    body?: unknown;
  }): Promise<void>;
  stop(): Promise<void>;
};

export const users = {
  alice: 'U01ALICE',
  bob: 'U02BOB',
  carol: 'U03CAROL',
  vic: 'U04VIC',
  mallory: 'U09MALLORY',
};
export const ops = 'C01OPS';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Slack of one's own with a handful of people. With `requestUrl` it sends events there, else over sockets. */
export async function startSlack(options: { port?: number; requestUrl?: string } = {}): Promise<LocalSlack> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reign-test-slack-'));
  const port = options.port ?? (await freePort());
  await writeFile(path.join(folder, 'c.yaml'), configuration(options.requestUrl));
  const child = spawn(
    'local-slack',
    ['--config', 'c.yaml', '--port', String(port), '--base-host', '127.0.0.1'],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: folder,
        BUN_OPTIONS: `--preload=${path.join(import.meta.dirname, 'preload.js')}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = collect(child);
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/_control/state`)).ok, 20_000, output);
  return { ...client(url), stop: () => end(child, folder) };
}

function client(url: string): Omit<LocalSlack, 'stop'> {
  const control: LocalSlack['control'] = async (method, route, body) => {
    const response = await fetch(`${url}${route}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { ok: boolean };
    if (answer.ok === false) throw new Error(`${route}: ${JSON.stringify(answer)}`);
    return answer as never;
  };
  const messages = async (channel = ops) =>
    ((await control('GET', `/_control/messages/${channel}`)) as { messages: SlackPost[] }).messages;
  const inThread = async (thread: string, channel = ops) =>
    (await messages(channel)).filter((post) => post.thread_ts === thread && post.user === 'U0BOT');
  const directChannel = async (user: string) => {
    const { channels } = (await control('GET', '/_control/state')) as {
      channels: { id: string; is_im: boolean; members: string[] }[];
    };
    return channels.find(({ is_im, members }) => is_im && members.includes(user))?.id ?? '';
  };
  return {
    url,
    apiUrl: `${url}/api/`,
    control,
    messages,
    inThread,
    directChannel,
    async post(thread, words, channel = ops) {
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
    },
    async direct(user) {
      const channel = await directChannel(user);
      return channel === '' ? [] : messages(channel);
    },
    async say(user, text, { channel = ops, thread } = {}) {
      const body = { channel, user, text, ...(thread === undefined ? {} : { thread_ts: thread }) };
      const { message } = (await control('POST', '/_control/message', body)) as { message: { ts: string } };
      return message.ts;
    },
    command: (user, text, channel = ops) =>
      control('POST', '/_control/command', { channel, user, command: '/reign', text }),
    click: (user, post, button, { channel = ops, value } = {}) => {
      const found = buttonsOf(post).find(({ action_id = '' }) => action_id.endsWith(button));
      if (!found && value === undefined) throw new Error(`no button ${button} on ${JSON.stringify(post)}`);
      const action = {
        type: 'button',
        action_id: found?.action_id ?? `reign:${button}`,
        block_id: 'b',
        value: value ?? found?.value,
      };
      return control('POST', '/_control/interact', { channel, messageTs: post.ts, user, action });
    },
    fault: async (fault) => void (await control('POST', '/_fault', fault)),
  };
}

export function buttonsOf({ blocks = [] }: SlackPost): { action_id?: string; value?: string }[] {
  return blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []));
}

/** All the words of a message. */
export function wordsOf({ text, blocks = [] }: SlackPost): string {
  const parts = blocks.flatMap(({ text: own, elements = [] }) => [
    own?.text ?? '',
    ...elements.map(({ text: each }) => (typeof each === 'string' ? each : (each?.text ?? ''))),
  ]);
  return [text, ...parts].join('\n');
}

function configuration(requestUrl: string | undefined): string {
  const mode = requestUrl === undefined ? 'mode: socket' : `mode: events, requestUrl: "${requestUrl}"`;
  const people = Object.entries(users).map(
    ([name, id]) => `  - { id: ${id}, name: ${name}, real_name: ${name}, email: ${name}@example.test }`,
  );
  const members = ['U0BOT', ...Object.values(users)].join(', ');
  return `
workspace: { name: Test, domain: test, teamId: T01TEST }
app: { appId: A01, botUserId: U0BOT, botName: reign, botToken: ${tokens.bot}, appToken: ${tokens.app}, signingSecret: ${tokens.secret}, ${mode} }
users:
${people.join('\n')}
channels:
  - { id: ${ops}, name: ops, members: [${members}] }
`;
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  return () => output;
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(late);
  await rm(folder, { recursive: true, force: true });
}
