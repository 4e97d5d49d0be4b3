import { z } from 'zod';

/** An address with one of some schemes. */
export const url = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)),
      `expected an address that begins with ${schemes.join(':// or ')}://`,
    );
