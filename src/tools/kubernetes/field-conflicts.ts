import type { ClusterAnswer } from '../../domain/cluster-answer.ts';

/** A field that somebody else owns with another value. */
export type FieldConflict = { field: string; manager: string };

/** The conflicts that a server-side apply was refused for; none for every other answer. */
export function conflictsOf({ status, text }: ClusterAnswer): FieldConflict[] {
  if (status !== 409) return [];
  const causes = causesOf(text);
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => ({
      field: field.replace(/^\./, ''),
      manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? 'somebody',
    }));
}

/** "spec.replicas (kubectl-scale), spec.paused (helm)". */
export function conflictsInWords(conflicts: readonly FieldConflict[]): string {
  const shown = conflicts.slice(0, 8).map(({ field, manager }) => `${field} (${whoIs(manager)})`);
  const rest = conflicts.length - shown.length;
  return shown.join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

type Cause = { reason?: string; field?: string; message?: string };

function causesOf(text: string): Cause[] {
  try {
    const { details } = JSON.parse(text) as { details?: { causes?: Cause[] } };
    return details?.causes ?? [];
  } catch {
    return [];
  }
}

/** Reign's other operations write as an updater of the same name. */
function whoIs(manager: string): string {
  return manager === 'reign' ? 'changed through Reign' : manager;
}
