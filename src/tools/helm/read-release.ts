import { z } from 'zod';
import type { Resolution } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { readParts } from '../../domain/read-operation.ts';
import { locateRelease, type ReleaseRequest } from './locate.ts';
import { assessReading, type ReleaseInput, releaseInput } from './release.ts';

/** The members that every read of one release shares. */
export const releaseReadParts = {
  ...readParts,
  request: z.strictObject({
    release: z.string().optional(),
    namespace: z.string().optional(),
    environment: z.string().optional(),
  }),
  input: releaseInput,
  connections: ['kubernetes'] as const,
  limits: { seconds: 60, memoryMb: 512 },
  assess: assessReading,
};

/** The release that a read means. */
export async function releaseToRead(
  request: ReleaseRequest,
  reader: Reader,
  verb: string,
): Promise<Resolution<ReleaseInput>> {
  const located = await locateRelease(request, reader, verb);
  return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
}

/** Which release helm is asked about. */
export function named({ release, namespace }: ReleaseInput): string[] {
  return [release, '--namespace', namespace];
}
