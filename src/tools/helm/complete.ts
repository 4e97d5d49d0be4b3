import type { Resolution } from '../../domain/operation.ts';
import type { Plan } from './change.ts';
import { mostWrites, type ObjectWrite } from './writes.ts';

/** The whole input of a write: what was asked, and every object that it may touch. */
export function complete<Ask extends object>(
  ask: Ask,
  { objects }: Pick<Plan, 'objects'>,
): Resolution<Ask & { objects: ObjectWrite[] }> {
  if (objects.length <= mostWrites) return { kind: 'input', input: { ...ask, objects: [...objects] } };
  const reason = `The release has ${objects.length} objects; Reign approves ${mostWrites} at most at once.`;
  return { kind: 'impossible', reason };
}
