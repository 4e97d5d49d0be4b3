import { isObject, type Json } from '../../domain/json.ts';

type Fields = { [field: string]: Json };

const words: { [field: string]: string } = {
  uid: 'it was deleted and made anew',
  template: 'its pod template was changed',
  to: 'the revision to go back to was changed',
};

/** What differs between the approved fingerprint and the present one, field by field, in words. */
export function differences(approved: Json, now: Json): string[] {
  const before = fieldsOf(approved);
  const after = fieldsOf(now);
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = fields.filter((field) => text(before[field]) !== text(after[field]));
  return changed.flatMap((field) => {
    const known = words[field];
    if (known !== undefined) return [known];
    if (field === 'images') return imageDifferences(fieldsOf(before[field]), fieldsOf(after[field]));
    return [`${field}: ${text(before[field])} when approved, ${text(after[field])} now`];
  });
}

function imageDifferences(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((container) => before[container] !== after[container])
    .map(
      (container) =>
        `image of ${container}: ${text(before[container])} when approved, ${text(after[container])} now`,
    );
}

function fieldsOf(value: Json | undefined): Fields {
  return isObject(value) ? value : {};
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
