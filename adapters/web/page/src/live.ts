import type { ChatEntry } from '../../../../src/domain/chat.ts';

export type LiveHandlers = {
  entries(conversation: string, entries: readonly ChatEntry[]): void;
  conversations(): void;
  /** Called each time the line is up, the first time too: what was missed must be fetched. */
  up(): void;
  down(): void;
};

export type Live = {
  /** Asks for the events of a conversation, now and after each reconnect. */
  watch(conversation: string | undefined): void;
  close(): void;
};

type Sent = { type: 'entries'; conversation: string; entries: ChatEntry[] } | { type: 'conversations' };

/** Milliseconds before the `attempt`th try (from 0) to connect again: 0.5 s, doubling up to 15 s, less up to a quarter. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  return Math.min(500 * 2 ** Math.min(attempt, 10), 15_000) * (1 - random() / 4);
}

/** Keeps a WebSocket to the server open until closed, with growing pauses between tries. */
export function connectLive(handlers: LiveHandlers): Live {
  let socket: WebSocket | undefined;
  let watched: string | undefined;
  let attempt = 0;
  let timer: number | undefined;
  let closed = false;

  const subscribe = () => {
    if (watched === undefined || socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: 'subscribe', conversation: watched }));
  };
  const connect = () => {
    const { protocol, host } = window.location;
    socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/live`);
    socket.onopen = () => {
      attempt = 0;
      subscribe();
      handlers.up();
    };
    socket.onmessage = ({ data }) => receive(handlers, String(data));
    socket.onclose = () => {
      if (closed) return;
      handlers.down();
      timer = window.setTimeout(connect, pauseBefore(attempt));
      attempt += 1;
    };
  };
  connect();
  return {
    watch(conversation) {
      watched = conversation;
      subscribe();
    },
    close() {
      closed = true;
      window.clearTimeout(timer);
      socket?.close();
    },
  };
}

function receive(handlers: LiveHandlers, data: string): void {
  const event = parse(data);
  if (event?.type === 'entries') handlers.entries(event.conversation, event.entries);
  else if (event?.type === 'conversations') handlers.conversations();
}

function parse(data: string): Sent | undefined {
  try {
    return JSON.parse(data) as Sent;
  } catch {
    return undefined;
  }
}
