import type { Conversation } from '../api.ts';
import { moveFocus } from '../common/use-keys.ts';
import { useNow } from '../common/use-now.ts';
import type { Route } from '../route.ts';
import { timeInWords } from '../words.ts';

type ThreadListProps = { conversations: readonly Conversation[]; route: Route; open: (route: Route) => void };

export function ThreadList({ conversations, route, open }: ThreadListProps) {
  const now = useNow(false);
  if (conversations.length === 0) {
    return (
      <p className="quiet empty" data-testid="thread-list">
        No threads yet.
      </p>
    );
  }
  return (
    <ul className="list" data-testid="thread-list" aria-label="Threads" onKeyDown={moveFocus}>
      {conversations.map(({ id, title, createdBy, updatedAt }) => (
        <li key={id}>
          <button
            type="button"
            data-conversation={id}
            aria-current={route.view === 'thread' && route.conversation === id ? 'page' : undefined}
            onClick={() => open({ view: 'thread', conversation: id })}
          >
            <span className="title">{title || 'Untitled'}</span>
            <span className="meta">
              {createdBy} · {timeInWords(updatedAt, now)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
