import { createContext, useContext } from 'react';
import type { Thread } from './entries.ts';

/** What the parts of a conversation share. */
export type Surroundings = {
  person: string;
  plans: Thread['plans'];
  /** Fetches what the page shows again; resolves when it is there. */
  refresh(): Promise<void>;
  openPlan(id: string): void;
};

export const SurroundingsContext = createContext<Surroundings>({
  person: '',
  plans: {},
  refresh: async () => {},
  openPlan: () => {},
});

export function useSurroundings(): Surroundings {
  return useContext(SurroundingsContext);
}
