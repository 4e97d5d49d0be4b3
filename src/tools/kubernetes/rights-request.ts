import { z } from 'zod';
import { findKind, kinds } from './kinds.ts';
import { placeInput } from './read-place.ts';
import { knownVerbs, verbOf } from './rights.ts';

export const rightRequest = z.strictObject({
  verb: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  environment: z.string().optional(),
});

export const rightInput = placeInput.extend({
  verb: z.string().optional(),
  kind: z.enum(kinds.map(({ kind }) => kind) as [string, ...string[]]).optional(),
});

type Right = { verb?: string; kind?: string };

/** The verb and the kind that are asked about, as the server calls them. */
export function readRight(
  verb: string | undefined,
  kind: string | undefined,
): { kind: 'right'; right: Right } | { kind: 'impossible'; reason: string } {
  const foundVerb = verb === undefined ? undefined : verbOf(verb);
  const foundKind = kind === undefined ? undefined : findKind(kind);
  if (verb !== undefined && foundVerb === undefined) {
    const reason = `"${verb}" is nothing that Kubernetes grants. It grants: ${knownVerbs.join(', ')}.`;
    return { kind: 'impossible', reason };
  }
  if (kind !== undefined && foundKind === undefined)
    return { kind: 'impossible', reason: `Reign does not know the kind "${kind}".` };
  const right = {
    ...(foundVerb === undefined ? {} : { verb: foundVerb }),
    ...(foundKind === undefined ? {} : { kind: foundKind.kind }),
  };
  return { kind: 'right', right };
}
