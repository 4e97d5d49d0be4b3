import { z } from 'zod';

const scheme = 'reign+secret://';

/** The name of a secret, where an input asks for one: `vault:NAME` or `found:NAME`. */
export const secretReference = z
  .string()
  .regex(/^(vault|found):[A-Za-z0-9][\w.-]{0,62}$/, 'expected vault:NAME, as kept by `reign credential set`')
  .describe('A secret by name, never its value: vault:NAME, or found:NAME as it stands in what was read.');

/** What a step sends in a secret's place, as a whole string of a JSON body. */
export function secretMark(reference: string): string {
  return `${scheme}${reference}`;
}

/** The reference that a string stands for, if it is a mark. */
export function markedSecret(text: string): string | undefined {
  return text.startsWith(scheme) ? text.slice(scheme.length) : undefined;
}
