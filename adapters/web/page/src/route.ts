import { useCallback, useSyncExternalStore } from 'react';

/** What the address asks for, kept in its fragment: `#/t/<conversation>`, `#/plan/<id>`, or a new thread. */
export type Route =
  | { view: 'new' }
  | { view: 'thread'; conversation: string }
  | { view: 'plan'; plan: string };

export function parseRoute(fragment: string): Route {
  const [, view, id] = /^#\/(t|plan)\/([\w-]{1,100})$/.exec(fragment) ?? [];
  if (view === 't' && id) return { view: 'thread', conversation: id };
  if (view === 'plan' && id) return { view: 'plan', plan: id };
  return { view: 'new' };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'new':
      return '#/';
    case 'thread':
      return `#/t/${route.conversation}`;
    case 'plan':
      return `#/plan/${route.plan}`;
    default:
      return route satisfies never;
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
