import { parse } from 'yaml';

/** What a workflow says about being started by hand. */
export type Dispatchable = { byHand: boolean /** Inputs that must be given. */; required: string[] };

/** Reads it of the text of a workflow; what can't be read can't be started by hand. */
export function dispatchableOf(text: string): Dispatchable {
  const no = { byHand: false, required: [] };
  const on = fieldOf(parsed(text), 'on');
  if (on === 'workflow_dispatch') return { byHand: true, required: [] };
  if (Array.isArray(on)) return on.includes('workflow_dispatch') ? { byHand: true, required: [] } : no;
  if (typeof on !== 'object' || on === null || !('workflow_dispatch' in on)) return no;
  const inputs = fieldOf(fieldOf(on, 'workflow_dispatch'), 'inputs');
  if (typeof inputs !== 'object' || inputs === null) return { byHand: true, required: [] };
  const required = Object.entries(inputs)
    .filter(([, input]) => fieldOf(input, 'required') === true && fieldOf(input, 'default') === undefined)
    .map(([name]) => name);
  return { byHand: true, required };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { [name: string]: unknown })[name]
    : undefined;
}
