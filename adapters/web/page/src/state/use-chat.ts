import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { api, type Conversation, faultFrom } from '../api.ts';
import { connectLive, type Live } from '../live.ts';
import { emptyThread, type Thread, threadReducer } from './entries.ts';

export type Chat = {
  thread: Thread;
  conversations: readonly Conversation[];
  /** Why the conversation could not be shown. */
  fault: Fault | undefined;
  online: boolean;
  /** Grows each time the server says that something has changed. */
  changes: number;
  refresh(): Promise<void>;
};

/** Changes of the list within this time are one look. */
const gatherMilliseconds = 400;

/** Keeps the list of threads and the open one as the server has them; `signedOut` is called when it knows us no more. */
export function useChat(conversation: string | undefined, signedOut: () => void): Chat {
  const [thread, dispatch] = useReducer(threadReducer, emptyThread);
  const [conversations, setConversations] = useState<readonly Conversation[]>([]);
  const [fault, setFault] = useState<Fault>();
  const [online, setOnline] = useState(true);
  const [changes, setChanges] = useState(0);
  const live = useRef<Live>(undefined);
  const open = useRef(conversation);
  open.current = conversation;

  const fail = useCallback(
    (error: unknown) => {
      const found = faultFrom(error);
      if (found.code === 'not-signed-in') signedOut();
      return found;
    },
    [signedOut],
  );
  const loadList = useCallback(() => api.conversations().then(setConversations).catch(fail), [fail]);
  const timer = useRef<number>(undefined);
  const lookSoon = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      setChanges((known) => known + 1);
      void loadList();
    }, gatherMilliseconds);
  }, [loadList]);
  const loadThread = useCallback(async () => {
    const id = open.current;
    if (id === undefined) return;
    try {
      const { entries } = await api.conversation(id);
      dispatch({ type: 'entries', conversation: id, entries, all: true });
      if (open.current === id) setFault(undefined);
    } catch (error) {
      const found = fail(error);
      if (open.current === id) setFault(found);
    }
  }, [fail]);

  useEffect(() => {
    const line = connectLive({
      entries: (id, entries) => {
        dispatch({ type: 'entries', conversation: id, entries });
        lookSoon();
      },
      conversations: lookSoon,
      up: () => {
        setOnline(true);
        lookSoon();
        void loadThread();
      },
      down: () => {
        setOnline(false);
        // A session that has ended looks like a line that is down; this tells them apart.
        void loadList();
      },
    });
    live.current = line;
    void loadList();
    return () => {
      line.close();
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [loadList, lookSoon, loadThread]);

  useEffect(() => {
    dispatch({ type: 'open', conversation });
    setFault(undefined);
    live.current?.watch(conversation);
    void loadThread();
  }, [conversation, loadThread]);

  const refresh = useCallback(async () => {
    setChanges((known) => known + 1);
    await Promise.all([loadList(), loadThread()]);
  }, [loadList, loadThread]);
  return { thread, conversations, fault, online, changes, refresh };
}
