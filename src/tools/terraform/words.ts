import type { Rendered } from '../../domain/operation.ts';
import { type Action, actions, type Change } from './plan-json.ts';

const pastWords: { [action in Action]: string } = {
  destroy: 'destroyed',
  replace: 'replaced',
  forget: 'forgotten',
  update: 'changed',
  import: 'imported',
  move: 'moved',
  create: 'created',
};

/** "1 destroyed, 2 created": what is lost first. */
export function summaryOf(changes: readonly { action: Action }[], outputs: readonly string[] = []): string {
  const parts = actions.flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${pastWords[action]}`];
  });
  if (outputs.length > 0) parts.push(outputs.length === 1 ? '1 output' : `${outputs.length} outputs`);
  return parts.length === 0 ? 'No changes.' : parts.join(', ');
}

/** "a, b and 3 more". */
export function listed(names: readonly string[], most = 5): string {
  const rest = names.length - most;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${rest} more`;
}

/** A table of changes, one row each. */
export function changeTable(changes: readonly Change[], note: string): Rendered {
  const rows = changes.map(({ action, address, because, attributes }) => [
    action,
    address,
    because,
    action === 'destroy' ? '' : attributeWords(attributes, action === 'create'),
  ]);
  return { kind: 'table', columns: ['action', 'resource', 'because', 'attributes'], rows, note };
}

function attributeWords(attributes: Change['attributes'], isNew: boolean): string {
  const words = attributes.map(({ name, before, after }) =>
    isNew ? `${name}: ${after}` : `${name}: ${before || '(none)'} → ${after || '(none)'}`,
  );
  return words.filter((text) => !isNew || !/: (\(known after apply\))?$/.test(text)).join('; ');
}
