import { useCallback, useRef, useState } from 'react';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { api, faultFrom } from '../api.ts';
import { newKey } from '../common/new-key.ts';

/** A message of this page that the conversation does not hold yet. `key` makes sending it again harmless. */
export type Pending = {
  key: string;
  text: string;
  conversation: string | undefined;
  /** Its id once the server has it. */
  message?: string;
  fault?: Fault;
};

export type Outbox = {
  pending: readonly Pending[];
  send(text: string, conversation: string | undefined): void;
  again(key: string): void;
  dismiss(key: string): void;
};

/** Messages on their way. `started` hears of the conversation that a first message began. */
export function useOutbox(started: (conversation: string) => void): Outbox {
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const change = useCallback((key: string, patch: (old: Pending) => Pending) => {
    setPending((all) => all.map((one) => (one.key === key ? patch(one) : one)));
  }, []);
  const first = useRef<Promise<string | undefined>>(undefined);
  const post = useCallback(
    async ({ key, text, conversation }: Pending) => {
      change(key, ({ fault: _, ...rest }) => rest);
      try {
        const into = conversation ?? (await first.current);
        const sending = api.send(text, key, into);
        if (into === undefined) first.current = conversationOf(sending, () => (first.current = undefined));
        const sent = await sending;
        change(key, (old) => ({ ...old, message: sent.message, conversation: sent.conversation }));
        if (conversation === undefined) started(sent.conversation);
      } catch (error) {
        change(key, (old) => ({ ...old, fault: faultFrom(error) }));
      }
    },
    [change, started],
  );
  const send = useCallback(
    (text: string, conversation: string | undefined) => {
      const fresh: Pending = { key: newKey(), text, conversation };
      setPending((all) => [...all, fresh]);
      void post(fresh);
    },
    [post],
  );
  const again = useCallback(
    (key: string) => {
      const found = pending.find((one) => one.key === key);
      if (found) void post(found);
    },
    [pending, post],
  );
  const dismiss = useCallback((key: string) => {
    setPending((all) => all.filter((one) => one.key !== key));
  }, []);
  return { pending, send, again, dismiss };
}

/** What a second message of a new thread waits for, so that two quick ones do not begin two threads. */
function conversationOf(
  sending: Promise<{ conversation: string }>,
  over: () => void,
): Promise<string | undefined> {
  return sending
    .then(
      ({ conversation }) => conversation,
      () => undefined,
    )
    .finally(over);
}
