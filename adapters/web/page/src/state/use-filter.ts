import { useCallback } from 'react';
import type { Filter, Route } from '../route.ts';
import { useSurroundings } from './context.ts';

type SectionRoute = Extract<Route, { view: 'section' }>;

/** The filter in the address, and how to change one part of it; an empty value is left out. */
export function useFilter(route: SectionRoute): [Filter, (name: string, value: string) => void] {
  const { go } = useSurroundings();
  const set = useCallback(
    (name: string, value: string) => {
      const { [name]: _, ...rest } = route.filter;
      go({ ...route, filter: value === '' ? rest : { ...rest, [name]: value } });
    },
    [go, route],
  );
  return [route.filter, set];
}

/** The parts of a filter that say something. */
export function given(filter: Filter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}
