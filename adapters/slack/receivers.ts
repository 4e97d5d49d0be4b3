import {
  type App,
  type Receiver,
  type ReceiverEvent,
  SocketModeReceiver,
  verifySlackRequest,
} from '@slack/bolt';
import type { WebhookReply, WebhookRequest } from '../../src/domain/ports/chat-platform.ts';

/** How far ahead of our clock a request may be dated, in seconds. Bolt refuses stale ones only. */
const future = 5 * 60;

type Answer = { called: boolean; value?: unknown };

/**
 * Runs an event and acknowledges it afterwards: what Slack is told to be done is stored. An event that failed is not
 * acknowledged, and Slack sends it again.
 */
async function process(app: App, event: ReceiverEvent): Promise<Answer> {
  const answer: Answer = { called: false };
  await app.processEvent({
    ...event,
    ack: async (value?: unknown) => {
      answer.called = true;
      answer.value = value;
    },
  });
  return answer;
}

/** Socket Mode, with the acknowledgement after the work. */
export class Socket extends SocketModeReceiver {
  override init(app: App): void {
    const late = {
      processEvent: async (event: ReceiverEvent) => {
        const { value } = await process(app, event);
        await event.ack(value as never);
      },
    };
    super.init(late as unknown as App);
  }
}

/** Events over HTTP: a request is what Slack signed, or it is refused. */
export class Signed implements Receiver {
  readonly #secret: string;
  #app: App | undefined;
  constructor(signingSecret: string) {
    this.#secret = signingSecret;
  }
  init(app: App): void {
    this.#app = app;
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {
    this.#app = undefined;
  }

  async handle(request: WebhookRequest): Promise<WebhookReply> {
    if (!this.#isSigned(request)) return { status: 401, body: 'The signature does not fit.' };
    const body = readBody(request);
    if (body === undefined) return { status: 400, body: 'The body cannot be read.' };
    if (body['type'] === 'url_verification') return json({ challenge: body['challenge'] });
    if (body['ssl_check'] !== undefined) return { status: 200 };
    if (!this.#app) return { status: 503, body: 'Reign is stopping.' };
    try {
      const retry = Number(request.headers['x-slack-retry-num'] ?? 0);
      const { value } = await process(this.#app, { body, retryNum: retry, ack: async () => {} });
      if (value === undefined || value === '') return { status: 200 };
      return typeof value === 'string' ? { status: 200, body: value } : json(value);
    } catch {
      return { status: 503, body: 'It could not be stored; send it again.' };
    }
  }

  #isSigned({ headers, body }: WebhookRequest): boolean {
    const at = Number(headers['x-slack-request-timestamp']);
    const signature = headers['x-slack-signature'] ?? '';
    if (!Number.isInteger(at) || at > Date.now() / 1000 + future) return false;
    try {
      const signed = { 'x-slack-signature': signature, 'x-slack-request-timestamp': at };
      verifySlackRequest({ signingSecret: this.#secret, body, headers: signed });
      return true;
    } catch {
      return false;
    }
  }
}

/** One app behind both transports: what comes twice has one key, and is stored once. */
export class Both implements Receiver {
  readonly #receivers: readonly Receiver[];
  constructor(receivers: readonly Receiver[]) {
    this.#receivers = receivers;
  }
  init(app: App): void {
    for (const receiver of this.#receivers) receiver.init(app);
  }
  async start(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.start()));
  }
  async stop(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.stop()));
  }
}

function readBody({ headers, body }: WebhookRequest): Record<string, unknown> | undefined {
  try {
    if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      const form = Object.fromEntries(new URLSearchParams(body));
      return typeof form['payload'] === 'string' ? JSON.parse(form['payload']) : form;
    }
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function json(value: unknown): WebhookReply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
