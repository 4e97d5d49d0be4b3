/** What neither Postgres text nor jsonb can hold: NUL, and halves of surrogate pairs. */
const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * A value whose every string can be stored; what cannot be becomes U+FFFD. For whatever comes from outside: a log cut
 * in the middle of a character must not keep a step from being settled.
 */
export function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replace(unstorable, '\ufffd') as Value;
  if (Array.isArray(value)) return value.map(storable) as Value;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [storable(key), storable(inner)] as const);
  return Object.fromEntries(entries) as Value;
}
