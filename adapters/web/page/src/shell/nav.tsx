import { api } from '../api.ts';
import { formatRoute, type Route, type Section, sections } from '../route.ts';
import { useSurroundings } from '../state/context.ts';
import { useLoaded } from '../state/use-loaded.ts';

export const sectionNames: Record<Section, string> = {
  plans: 'Plans',
  approvals: 'Approvals',
  audit: 'Audit',
  tools: 'Tools',
  runbooks: 'Runbooks',
  health: 'Health',
  charts: 'Charts',
  terminal: 'Terminal',
};

/** The way to every page: the digits go there too. */
export function Nav({ route, chat }: { route: Route; chat: Route }) {
  const { changes } = useSurroundings();
  const { data } = useLoaded(api.approvals, changes);
  const waiting = data ? data.decide.length + data.review.length : 0;
  const inChat = route.view === 'new' || route.view === 'thread';
  return (
    <nav className="nav" aria-label="Pages">
      <ul>
        <li>
          <a href={formatRoute(chat)} aria-current={inChat ? 'page' : undefined} aria-keyshortcuts="1">
            Chat
          </a>
        </li>
        {sections.map((section, index) => (
          <li key={section}>
            <a
              href={formatRoute({ view: 'section', section, filter: {} })}
              aria-current={isAt(route, section) ? 'page' : undefined}
              aria-keyshortcuts={`${index + 2}`}
              data-testid={`nav-${section}`}
            >
              {sectionNames[section]}
              {section === 'approvals' && waiting > 0 && (
                <span className="count" data-testid="waiting-count">
                  {waiting}
                  <span className="off-screen"> waiting for you</span>
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isAt(route: Route, section: Section): boolean {
  if (route.view === 'plan') return section === 'plans';
  return route.view === 'section' && route.section === section;
}
