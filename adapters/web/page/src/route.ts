import { useCallback, useSyncExternalStore } from 'react';

/** The console's pages besides the chat, in the order of the navigation. */
export const sections = [
  'plans',
  'approvals',
  'audit',
  'tools',
  'runbooks',
  'health',
  'charts',
  'terminal',
] as const;
export type Section = (typeof sections)[number];

/** What a page is filtered by. */
export type Filter = Readonly<Record<string, string>>;

/**
 * What the address asks for, kept in its fragment: `#/t/<conversation>`, `#/plan/<id>[/<step>]`,
 * `#/<section>[/<item>][?<filter>]`, or a new thread.
 */
export type Route =
  | { view: 'new' }
  | { view: 'thread'; conversation: string }
  | { view: 'plan'; plan: string; step?: string }
  | { view: 'section'; section: Section; item?: string; filter: Filter };

export function parseRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.split('?');
  const [start, view, first, second, ...more] = path.split('/').map(decoded);
  if (start !== '#' || more.length > 0) return { view: 'new' };
  const id = first !== undefined && /^[\w-]{1,100}$/.test(first) ? first : undefined;
  if (view === 't' && id && second === undefined) return { view: 'thread', conversation: id };
  if (view === 'plan' && id) return { view: 'plan', plan: id, ...(second ? { step: second } : {}) };
  const section = sections.find((name) => name === view);
  if (!section || second !== undefined) return { view: 'new' };
  const filter = Object.fromEntries(new URLSearchParams(query));
  return { view: 'section', section, ...(first ? { item: first } : {}), filter };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'new':
      return '#/';
    case 'thread':
      return `#/t/${route.conversation}`;
    case 'plan':
      return `#/plan/${route.plan}${below(route.step)}`;
    case 'section': {
      const query = new URLSearchParams(route.filter).toString();
      return `#/${route.section}${below(route.item)}${query === '' ? '' : `?${query}`}`;
    }
    default:
      return route satisfies never;
  }
}

function below(part: string | undefined): string {
  return part === undefined ? '' : `/${encodeURIComponent(part)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The single-use sign-in token of a fragment like `#token=…`. */
export function tokenIn(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token') ?? undefined;
}

export function useRoute(): [Route, (route: Route) => void] {
  const fragment = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  const go = useCallback((route: Route) => {
    window.location.hash = formatRoute(route);
  }, []);
  return [parseRoute(fragment), go];
}
