import type { ConnectionView } from './environment.ts';

const lead = 'each:';
const mostPlaces = 20;

/** The word for `environment` that means every one of several connections, a step for each. */
export function eachPlace(connections: readonly ConnectionView[]): string {
  return `${lead}${connections.map(({ id }) => id).join(',')}`;
}

/** The connections that such a word names; undefined for every other word, and for too many. */
export function placesOfEach(word: unknown): readonly string[] | undefined {
  if (typeof word !== 'string' || !word.startsWith(lead)) return undefined;
  const places = [...new Set(word.slice(lead.length).split(','))].filter((place) => place !== '');
  return places.length > 0 && places.length <= mostPlaces ? places : undefined;
}
