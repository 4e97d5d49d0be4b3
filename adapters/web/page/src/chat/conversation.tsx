import type { RefObject } from 'react';
import { FaultLine } from '../common/fault-line.tsx';
import { laidOut } from '../state/entries.ts';
import type { Chat } from '../state/use-chat.ts';
import type { Outbox } from '../state/use-outbox.ts';
import { Composer } from './composer.tsx';
import { EntryView } from './entry.tsx';
import { Examples } from './examples.tsx';
import { PendingMessages } from './pending.tsx';
import { useStickToEnd } from './use-stick-to-end.ts';

type ConversationViewProps = {
  chat: Chat;
  outbox: Outbox;
  examples: readonly string[];
  composer: RefObject<HTMLTextAreaElement | null>;
};

/** One thread: what was said and answered, and the field to say more. */
export function ConversationView({ chat, outbox, examples, composer }: ConversationViewProps) {
  const { thread, fault } = chat;
  const { conversation, entries } = thread;
  const known = new Set(entries.map(({ key }) => key));
  const pending = outbox.pending.filter(
    (one) => one.conversation === conversation && !(one.message && known.has(one.message)),
  );
  const { frame, content, atEnd, toEnd } = useStickToEnd(conversation);
  const shown = laidOut(entries);
  const send = (text: string) => {
    outbox.send(text, conversation);
    toEnd();
  };
  const empty = conversation === undefined && pending.length === 0;
  return (
    <>
      <div className="scroll" ref={frame}>
        <div
          className="log"
          role="log"
          aria-live="polite"
          aria-relevant="additions"
          aria-label="Conversation"
          ref={content}
        >
          {!thread.loaded && !fault && <p className="quiet">One moment…</p>}
          {shown.map(({ entry, repeated }, index) => (
            <EntryView key={entry.key} entry={entry} before={shown[index - 1]?.entry} repeated={repeated} />
          ))}
          <PendingMessages pending={pending} outbox={outbox} />
          <FaultLine fault={fault} />
          {empty && <Examples examples={examples} pick={send} />}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="to-end" onClick={toEnd}>
          To the newest
        </button>
      )}
      <Composer field={composer} conversation={conversation} send={send} />
    </>
  );
}
