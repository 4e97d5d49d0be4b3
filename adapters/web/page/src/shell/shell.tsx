import { useCallback, useMemo, useRef, useState } from 'react';
import type { Session } from '../api.ts';
import { ConversationView } from '../chat/conversation.tsx';
import { useKeys } from '../common/use-keys.ts';
import { FullPlan } from '../plan/full-plan.tsx';
import { type Route, useRoute } from '../route.ts';
import { SurroundingsContext } from '../state/context.ts';
import { useChat } from '../state/use-chat.ts';
import { useOutbox } from '../state/use-outbox.ts';
import { Side } from './side.tsx';
import { TopBar } from './top-bar.tsx';

type ShellProps = { session: Session; changed: () => Promise<void>; signedOut: () => void };

/** The page of somebody who is signed in: threads, the bar on top, and a conversation or one plan. */
export function Shell({ session, changed, signedOut }: ShellProps) {
  const [route, go] = useRoute();
  const [drawer, setDrawer] = useState(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const last = useLastThread(route);
  const conversation = last.view === 'thread' ? last.conversation : undefined;
  const chat = useChat(conversation, signedOut);
  const where = useRef(route);
  where.current = route;
  const started = useCallback(
    (id: string) => {
      if (where.current.view === 'new') go({ view: 'thread', conversation: id });
    },
    [go],
  );
  const outbox = useOutbox(started);
  const open = useCallback(
    (next: Route) => {
      go(next);
      setDrawer(false);
      if (next.view !== 'plan') window.setTimeout(() => composer.current?.focus());
    },
    [go],
  );
  useKeys(
    useMemo(
      () => [
        ['/', () => composer.current?.focus()],
        ['n', () => open({ view: 'new' })],
        ['Escape', () => setDrawer(false)],
      ],
      [open],
    ),
  );
  const surroundings = useMemo(
    () => ({
      person: session.person,
      plans: chat.thread.plans,
      refresh: chat.refresh,
      openPlan: (plan: string) => go({ view: 'plan', plan }),
    }),
    [session.person, chat.thread.plans, chat.refresh, go],
  );
  return (
    <SurroundingsContext value={surroundings}>
      <div className="shell">
        <TopBar
          session={session}
          online={chat.online}
          changed={changed}
          toggleDrawer={() => setDrawer(!drawer)}
          drawer={drawer}
        />
        <Side
          conversations={chat.conversations}
          route={route}
          open={open}
          shown={drawer}
          close={() => setDrawer(false)}
        />
        <main className="centre">
          {route.view === 'plan' ? (
            <FullPlan key={route.plan} id={route.plan} back={() => open(last)} />
          ) : (
            <ConversationView chat={chat} outbox={outbox} examples={session.examples} composer={composer} />
          )}
        </main>
      </div>
    </SurroundingsContext>
  );
}

/** The thread that a plan's own view goes back to. */
function useLastThread(route: Route): Route {
  const last = useRef<Route>({ view: 'new' });
  if (route.view !== 'plan') last.current = route;
  return last.current;
}
