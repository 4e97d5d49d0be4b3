import { z } from 'zod';

/** A name that git takes for a branch or tag. */
export const branchName = z
  .string()
  .max(200)
  .regex(/^[\w./+@-]+$/, 'expected letters, digits, ".", "_", "-", "/"')
  .refine(isGitName, 'git does not take this name');

export function isGitName(name: string): boolean {
  const odd = /^[/.-]|\.\.|\/\/|@\{|\/\.|\.lock(\/|$)|[/.]$|^@$/;
  return /^[\w./+@-]{1,200}$/.test(name) && !odd.test(name);
}
