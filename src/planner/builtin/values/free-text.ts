import type { Json } from '../../../domain/json.ts';

/** Words that free text follows, by field. What stands behind them is the value, whatever the model thought. */
const leads: { readonly [field: string]: RegExp } = {
  reason: /^(?:.*?\b(?:because\b|reason\s*(?::|is|=))|[^:]*:)\s*(.+)$/is,
  title: /^[^"'`]*?[\w)\]]:\s+(.+)$/s,
  query: /^(?:promql|prometheus query|query|prometheus)\s*:\s*(.+)$/is,
  command:
    /^(?:(?:please|pls|can you|could you|in the shell)[\s,]+)*(?:(?:run|execute|exec|issue)\s+)?(?:(?:this|the|a|following)\s+)*(?:(?:shell|bash)\s+)?(?:(?:command|script)|shell|bash|sh)\s*:\s*(.+)$/is,
};

/** The one thing in back-ticks, or in quotes behind "titled": then that is the value. */
const quotedValues: { readonly [field: string]: RegExp } = {
  command: /^[^`]*`([^`]+)`[^`]*$/s,
  title: /\b(?:titled|called|named|title|saying)\s*:?\s*"([^"]+)"/i,
};

/** Free text behind its lead-in ("because …", "shell: …"), unless the model found just as much. */
export function freeText(field: string, text: string, found: Json | undefined): string | undefined {
  const exact = quotedValues[field]?.exec(text)?.[1]?.trim();
  if (exact) return exact;
  const told = leads[field]?.exec(text)?.[1]?.trim();
  if (told === undefined || told === '') return undefined;
  const plain = told
    .replace(/^(["'`])([^"'`]*)\1[\s.!?]*$/s, '$2')
    .replace(/[\s,]+(?:please|pls|plz|thanks|thx)[\s.!?]*$/i, '')
    .replace(/(?<=\w)[.!]+$/, '');
  return typeof found === 'string' && found.length > plain.length ? undefined : plain;
}
