import { z } from 'zod';

const pattern = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** A name that can stand in a path without changing it. */
export const kubeName = z.string().max(253).regex(pattern);

export function isKubeName(text: string): boolean {
  return kubeName.safeParse(text).success;
}
