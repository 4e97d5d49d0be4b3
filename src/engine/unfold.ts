import type { DraftStep, Loop } from '../domain/draft.ts';
import { fillTemplate } from '../domain/fill-template.ts';
import type { Json } from '../domain/json.ts';
import { readPointer } from '../domain/references.ts';
import { topological } from '../domain/schedule.ts';
import { passes } from '../domain/value-test.ts';

/** Steps that one loop may become. */
const mostItems = 50;

export type Unfolded = { steps: DraftStep[]; problems: string[] };

/**
 * Decides conditions and unfolds loops by what reads find now, before anything is previewed: what is approved holds no
 * "if". @param read what an earlier step finds; throws FaultError where it may not or cannot be known yet.
 */
export async function unfold(
  drafted: readonly DraftStep[],
  read: (source: DraftStep, all: readonly DraftStep[]) => Promise<Json>,
): Promise<Unfolded> {
  if (!drafted.some(({ when, forEach }) => when || forEach)) return { steps: [...drafted], problems: [] };
  const copies = new Map<string, string[]>();
  const steps: DraftStep[] = [];
  const problems: string[] = [];
  const sourceOf = (step: DraftStep, from: string): Promise<Json> | undefined => {
    const [only, ...others] = (copies.get(from) ?? []).flatMap((key) =>
      steps.filter((each) => each.key === key),
    );
    if (only && others.length === 0) return read(only, steps);
    if (others.length > 0) problems.push(`step "${step.key}" looks at "${from}", which stands several times`);
    return undefined;
  };
  for (const step of topological(drafted) ?? []) {
    const { when, forEach, ...rest } = step;
    const made: DraftStep[] = [];
    copies.set(step.key, []);
    if (when) {
      const result = await sourceOf(step, when.from);
      if (result === undefined || !passes(readPointer(result, when.at), when)) continue;
    }
    if (forEach) {
      const result = await sourceOf(step, forEach.from);
      if (result !== undefined) made.push(...copiesOf(rest, forEach, result, problems));
    } else made.push(rest);
    copies.set(
      step.key,
      made.map(({ key }) => key),
    );
    steps.push(
      ...made.map((each) => ({ ...each, needs: each.needs.flatMap((need) => copies.get(need) ?? []) })),
    );
  }
  return { steps, problems };
}

function copiesOf(step: DraftStep, { at, where }: Loop, result: Json, problems: string[]): DraftStep[] {
  const items = readPointer(result, at);
  if (!Array.isArray(items)) {
    problems.push(`step "${step.key}": there is no list at ${at || 'the top'} of what it goes over`);
    return [];
  }
  const chosen = where ? items.filter((item) => passes(readPointer(item, where.at), where)) : items;
  if (chosen.length > mostItems) {
    problems.push(
      `step "${step.key}" would stand ${chosen.length} times; at most ${mostItems} are made at once`,
    );
    return [];
  }
  return chosen.map((item, index) => {
    const { value, missing } = fillTemplate(step.request, { item });
    problems.push(...missing.map((name) => `step "${step.key}": {{${name}}} is not in the item`));
    const request = value as DraftStep['request'];
    return { ...step, key: `${step.key}-${index + 1}`, request, copyOf: step.key };
  });
}
