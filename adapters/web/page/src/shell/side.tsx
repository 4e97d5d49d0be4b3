import { useState } from 'react';
import type { Conversation } from '../api.ts';
import type { Route } from '../route.ts';
import { PlanList } from './plan-list.tsx';
import { ThreadList } from './thread-list.tsx';

type SideProps = {
  conversations: readonly Conversation[];
  route: Route;
  open: (route: Route) => void;
  /** Whether the drawer is out, on a narrow screen. */
  shown: boolean;
  close: () => void;
};

export function Side({ conversations, route, open, shown, close }: SideProps) {
  const [list, setList] = useState<'threads' | 'plans'>('threads');
  return (
    <>
      {shown && <button type="button" className="backdrop" aria-label="Close the list" onClick={close} />}
      <nav id="side" className={shown ? 'side shown' : 'side'} aria-label="Threads and plans">
        <button
          type="button"
          className="primary new"
          data-testid="new-thread"
          onClick={() => open({ view: 'new' })}
        >
          New thread <kbd>n</kbd>
        </button>
        <fieldset className="tabs" aria-label="What is listed">
          <button type="button" aria-pressed={list === 'threads'} onClick={() => setList('threads')}>
            Threads
          </button>
          <button
            type="button"
            aria-pressed={list === 'plans'}
            data-testid="plans-tab"
            onClick={() => setList('plans')}
          >
            Plans
          </button>
        </fieldset>
        {list === 'threads' ? (
          <ThreadList conversations={conversations} route={route} open={open} />
        ) : (
          <PlanList open={open} />
        )}
      </nav>
    </>
  );
}
