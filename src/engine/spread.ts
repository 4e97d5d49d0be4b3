import type { DraftStep } from '../domain/draft.ts';
import { placesOfEach } from '../domain/each-place.ts';

/**
 * A step that is meant for each of several places becomes one step for each. Writes go one after another, in the order
 * of the places, so that the first failure stops the rest; reads go side by side.
 */
export function spread(
  drafted: readonly DraftStep[],
  writes: (step: DraftStep) => boolean,
): { steps: DraftStep[]; problems: string[] } {
  const copies = new Map<string, string[]>();
  const made = drafted.flatMap((step) => {
    const places = placesOfEach(step.request['environment']);
    if (places === undefined) return [step];
    const keys = places.map((_, index) => `${step.key}-${index + 1}`);
    copies.set(step.key, keys);
    return places.map((environment, index): DraftStep => {
      const before = index > 0 && writes(step) ? keys.slice(index - 1, index) : [];
      const request = { ...step.request, environment };
      return { ...step, key: keys[index] ?? step.key, request, needs: [...step.needs, ...before] };
    });
  });
  const problems = made.flatMap((step) =>
    [step.when, step.forEach]
      .filter((source) => source !== undefined && copies.has(source.from))
      .map((source) => `step "${step.key}" looks at "${source?.from}", which stands several times`),
  );
  const steps = made.map((step) => ({
    ...step,
    needs: step.needs.flatMap((need) => copies.get(need) ?? [need]),
  }));
  return { steps, problems };
}
