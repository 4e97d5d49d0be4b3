import { lazy, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Session } from '../api.ts';
import { ConversationView } from '../chat/conversation.tsx';
import { useKeys } from '../common/use-keys.ts';
import { type Route, sections, useRoute } from '../route.ts';
import { SurroundingsContext } from '../state/context.ts';
import { useChat } from '../state/use-chat.ts';
import { useOutbox } from '../state/use-outbox.ts';
import { Nav, sectionNames } from './nav.tsx';
import { Chunk, SectionView } from './section.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Side } from './side.tsx';
import { TopBar } from './top-bar.tsx';

const PlanPage = lazy(() => import('../pages/plan.tsx'));

type ShellProps = { session: Session; changed: () => Promise<void>; signedOut: () => void };

/** The page of somebody who is signed in: the bar on top, the way to every page, and the one that is open. */
export function Shell({ session, changed, signedOut }: ShellProps) {
  const [route, go] = useRoute();
  const [drawer, setDrawer] = useState(false);
  const [help, setHelp] = useState(false);
  const composer = useRef<HTMLTextAreaElement>(null);
  const main = useRef<HTMLElement>(null);
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
      if (next.view === 'new' || next.view === 'thread') window.setTimeout(() => composer.current?.focus());
    },
    [go],
  );
  useKeys(
    useMemo(
      () => [
        ['/', () => (composer.current ?? firstField(main.current))?.focus()],
        ['n', () => open({ view: 'new' })],
        ['?', () => setHelp(true)],
        ['1', () => open(last)],
        ...sections.map(
          (section, index) => [`${index + 2}`, () => open({ view: 'section', section, filter: {} })] as const,
        ),
        ['Escape', () => setDrawer(false)],
      ],
      [open, last],
    ),
  );
  useNamedPage(route, main);
  const { plans } = chat.thread;
  const { changes, refresh } = chat;
  const surroundings = useMemo(
    () => ({ session, person: session.person, plans, changes, refresh, go }),
    [session, plans, changes, refresh, go],
  );
  const inChat = route.view === 'new' || route.view === 'thread';
  return (
    <SurroundingsContext value={surroundings}>
      <div className={inChat ? 'shell chatting' : 'shell'}>
        <button type="button" className="skip" data-testid="skip" onClick={() => main.current?.focus()}>
          Skip to the content
        </button>
        <TopBar
          session={session}
          online={chat.online}
          changed={changed}
          toggleDrawer={inChat ? () => setDrawer(!drawer) : undefined}
          drawer={drawer}
          help={() => setHelp(true)}
        />
        <Nav route={route} chat={last} />
        {inChat && (
          <Side
            conversations={chat.conversations}
            route={route}
            open={open}
            shown={drawer}
            close={() => setDrawer(false)}
          />
        )}
        <main className="centre" ref={main} tabIndex={-1}>
          {inChat && (
            <ConversationView chat={chat} outbox={outbox} examples={session.examples} composer={composer} />
          )}
          {route.view === 'plan' && (
            <Chunk key={route.plan}>
              <PlanPage route={route} />
            </Chunk>
          )}
          {route.view === 'section' && <SectionView route={route} />}
        </main>
        {help && <Shortcuts close={() => setHelp(false)} />}
      </div>
    </SurroundingsContext>
  );
}

/** The thread that the chat goes back to. */
function useLastThread(route: Route): Route {
  const last = useRef<Route>({ view: 'new' });
  if (route.view === 'new' || route.view === 'thread') last.current = route;
  return last.current;
}

/** The title says which page it is, and somebody who reads by ear or keyboard lands in it. */
function useNamedPage(route: Route, main: React.RefObject<HTMLElement | null>): void {
  const name =
    route.view === 'section' ? sectionNames[route.section] : route.view === 'plan' ? route.plan : 'Chat';
  const first = useRef(true);
  useEffect(() => {
    document.title = `${name} · Reign`;
    if (!first.current && name !== 'Chat') main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [name, main]);
}

function firstField(main: HTMLElement | null): HTMLElement | null | undefined {
  return main?.querySelector<HTMLElement>('input, select, textarea');
}
