import type { ValueTest } from './draft.ts';
import { canonicalJson, type Json } from './json.ts';

/** Whether a value passes. One that is not there equals nothing and is in no list. */
export function passes(value: Json | undefined, test: ValueTest): boolean {
  if ('equals' in test) return same(value, test.equals);
  if ('not' in test) return !same(value, test.not);
  if ('in' in test) return test.in.some((each) => same(value, each));
  if ('above' in test) return value !== undefined && Number(value) > test.above;
  if ('below' in test) return value !== undefined && value !== '' && Number(value) < test.below;
  if (Array.isArray(value)) return value.some((each) => same(each, test.contains));
  return typeof value === 'string' && value.includes(test.contains);
}

function same(value: Json | undefined, other: Json): boolean {
  return value !== undefined && canonicalJson(value) === canonicalJson(other);
}
