import { randomBytes } from 'node:crypto';

const alphabet = 'abcdefghjkmnpqrstvwxyz23456789';

/** A short id that people can read out and type: `p-` and seven characters, about 2^34 of them. */
export function newPlanId(): string {
  return `p-${randomWord(7)}`;
}

/** A sortable unique id: milliseconds since 1970 in base 36, then 80 random bits. */
export function newId(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}${randomWord(16)}`;
}

function randomWord(length: number): string {
  let word = '';
  for (const byte of randomBytes(length)) word += alphabet[byte % alphabet.length];
  return word;
}
