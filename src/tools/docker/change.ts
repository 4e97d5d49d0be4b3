import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson, type Json } from '../../domain/json.ts';
import type { Preview, Rendered } from '../../domain/operation.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { type ContainerInput, type ContainerState, containerInput } from './container.ts';

/** The members that every change of a container shares. */
export const changeParts = {
  request: z.strictObject({ name: z.string().optional() }),
  input: containerInput,
  output: z.object({ name: z.string(), state: z.string() }),
  effect: 'update' as const,
  // Docker keeps no mark of a request, so a lost worker's write is looked for before it is repeated.
  repeat: 'verify-first' as const,
  previews: 'computed' as const,
  connections: ['docker'] as const,
  stop: { signal: 'SIGTERM' as const, graceSeconds: 15 },
  limits: { seconds: 120, memoryMb: 256 },
  render: ({ name, state }: { name: string; state: string }): Rendered => ({
    kind: 'text',
    text: `${name}: ${state}`,
  }),
};

/** A preview computed from the container's state: Docker has no dry run. */
export function computedPreview(
  input: ContainerInput,
  before: ContainerState,
  after: { [field: string]: Json },
  words: { summary: string; warnings: readonly string[]; raises: readonly RiskRaise[] },
): Preview {
  return {
    kind: 'computed',
    before: { ...before },
    after: { ...before, ...after },
    fingerprint: fingerprintOf(input, before),
    ...words,
    server: input.daemonId,
  };
}

/** The container, its code, and which run of it is going on. */
export function fingerprintOf({ id }: ContainerInput, { running, startedAt, image }: ContainerState) {
  return { id, running, startedAt, image };
}

/** @throws FaultError `world-changed` that names what differs from the approved preview. */
export function refuseChanged(
  input: ContainerInput,
  approved: Preview | undefined,
  now: ContainerState,
  more: { [field: string]: Json } = {},
): void {
  if (approved === undefined)
    throw new FaultError('refused', 'A change without an approved preview is not made.');
  const present: { [field: string]: Json } = { ...fingerprintOf(input, now), ...more };
  if (canonicalJson(approved.fingerprint) === canonicalJson(present)) return;
  const before = approved.fingerprint as { [field: string]: Json };
  const changes = Object.keys(present)
    .filter((field) => before[field] !== present[field])
    .map((field) => `${field}: ${String(before[field])} when approved, ${String(present[field])} now`);
  const what = `The container ${input.name} in ${input.environment} is not as it was: ${changes.join('; ')}`;
  throw new FaultError('world-changed', `${what}. Nothing was done; ask again to see the present state.`);
}
