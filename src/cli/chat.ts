import { randomUUID } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import { readLine, renderBody } from '../../adapters/terminal/index.ts';
import type { ChatEntry, PlanCard } from '../domain/chat.ts';
import { toFault } from '../domain/fault.ts';
import { type Client, type ClientOptions, connect } from './client.ts';
import { replyTo } from './reply-to.ts';

const help = `Say what you want. A number picks an option of the last question.
/approve [PLAN]  /reject [PLAN REASON]  /changes [PLAN REASON]  /cancel [PLAN]  /undo [PLAN]  /quit`;

type Session = {
  client: Client;
  conversation?: string;
  /** The last message that was sent. */
  message?: string;
  seen: Map<string, string>;
  last?: PlanCard;
  question?: string;
};

/** `reign chat`: a conversation in the terminal until Ctrl-D or /quit. @returns the exit code. */
export async function chat(options: ClientOptions): Promise<number> {
  const session: Session = { client: await connect(options), seen: new Map() };
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: '› ' });
  process.stdout.write(`${help}\n`);
  terminal.prompt();
  const timer = setInterval(() => void refresh(session, terminal), 300);
  try {
    for await (const line of terminal) {
      const left = await act(session, line).catch((error: unknown) => {
        process.stdout.write(`${toFault(error).message}\n`);
        return false;
      });
      if (left) break;
      terminal.prompt();
    }
    await settle(session, terminal);
    return 0;
  } finally {
    clearInterval(timer);
    terminal.close();
  }
}

async function act(session: Session, text: string): Promise<boolean> {
  const { client } = session;
  const line = readLine(text);
  const plan = 'plan' in line && line.plan !== undefined ? await client.plan(line.plan) : session.last;
  switch (line.kind) {
    case 'leave':
      return true;
    case 'help':
      process.stdout.write(`${help}\n`);
      return false;
    case 'say':
      if (line.text !== '') {
        const sent = await client.send(line.text, randomUUID(), session.conversation);
        session.conversation = sent.conversation;
        session.message = sent.message;
      }
      return false;
    case 'option':
      if (session.question) await client.answer(session.question, line.number - 1);
      else process.stdout.write('There is no open question.\n');
      return false;
    case 'decide':
    case 'cancel':
    case 'undo': {
      if (!plan) {
        process.stdout.write('There is no plan in this conversation yet; name one.\n');
        return false;
      }
      if (line.kind === 'cancel') await client.cancel(plan.id);
      if (line.kind === 'undo') await client.undo(plan.id);
      if (line.kind === 'decide') {
        const { verdict, reason } = line;
        await client.decide(plan.id, { revision: plan.revision, verdict, ...(reason ? { reason } : {}) });
      }
      return false;
    }
    default:
      return line satisfies never;
  }
}

/** Input has ended (a pipe): what was asked is still answered before we leave. */
async function settle(session: Session, terminal: Interface): Promise<void> {
  const end = Date.now() + 10_000;
  while (session.conversation !== undefined && Date.now() < end) {
    const entries = await session.client.entries(session.conversation);
    const runs = entries.some(
      ({ body }) => body.kind === 'working' || (body.kind === 'progress' && body.plan.state === 'running'),
    );
    // A message that was just stored has no entry of its answer yet.
    const open = runs || (session.message !== undefined && !replyTo(entries, session.message));
    await refresh(session, terminal);
    if (!open) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function refresh(session: Session, terminal: Interface): Promise<void> {
  if (session.conversation === undefined) return;
  const entries = await session.client.entries(session.conversation).catch(() => []);
  for (const entry of entries) {
    const text = textOf(session, entry);
    if (text === '' || session.seen.get(entry.key) === text) continue;
    session.seen.set(entry.key, text);
    process.stdout.write(`\r\x1b[K${text}\n`);
    terminal.prompt(true);
  }
}

function textOf(session: Session, { body }: ChatEntry): string {
  if (body.kind === 'said' || body.kind === 'working') return '';
  if (body.kind === 'question') {
    if (body.answered !== undefined) return '';
    session.question = body.questionId;
  }
  if (body.kind === 'plan') session.last = body.plan;
  return renderBody(body);
}
