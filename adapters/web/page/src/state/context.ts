import { createContext, useContext } from 'react';
import type { Session } from '../api.ts';
import type { Route } from '../route.ts';
import type { Thread } from './entries.ts';

/** What the parts of the page share. */
export type Surroundings = {
  session: Session;
  person: string;
  plans: Thread['plans'];
  /** Grows each time the server says that something has changed. */
  changes: number;
  /** Fetches what the page shows again; resolves when it is there. */
  refresh(): Promise<void>;
  go(route: Route): void;
};

/** Stands in where an entry is drawn by itself. */
const nobody: Session = {
  person: '',
  mode: 'configured',
  environments: [],
  connections: [],
  examples: [],
};

export const SurroundingsContext = createContext<Surroundings>({
  session: nobody,
  person: '',
  plans: {},
  changes: 0,
  refresh: async () => {},
  go: () => {},
});

export function useSurroundings(): Surroundings {
  return useContext(SurroundingsContext);
}
