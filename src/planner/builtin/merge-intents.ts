import type { Example, IntentSource } from './types.ts';
import { fieldsOf } from './values/fields.ts';

/**
 * Joins what tools offer with what is known besides: where both have an intent, the tool's schema, summary and effect
 * win, and the examples of both teach it (parameters that the tool does not have are left out of ours).
 */
export function mergeIntents(
  catalogue: readonly IntentSource[],
  known: readonly IntentSource[],
): readonly IntentSource[] {
  const offered = new Map(catalogue.map((source) => [source.id, source]));
  const rest = known.filter(({ id }) => !offered.has(id));
  const joined = catalogue.map((source) => {
    const fields = new Set(fieldsOf(source.request).keys());
    const ours = known.find(({ id }) => id === source.id)?.examples ?? [];
    return {
      id: source.id,
      summary: source.summary,
      effect: source.effect,
      request: source.request,
      examples: [...ours.map((example) => restrict(example, fields)), ...source.examples],
    };
  });
  return [...joined, ...rest];
}

function restrict(example: Example, fields: ReadonlySet<string>): Example {
  const params = Object.fromEntries(Object.entries(example.params).filter(([field]) => fields.has(field)));
  const spans = example.spans?.map((span) => (fields.has(span.field) ? span : { ...span, field: '_' }));
  return { request: example.request, params, ...(spans ? { spans } : {}) };
}
