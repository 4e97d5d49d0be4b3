/**
 * What a write touches, keyed by the server's own identity: `k8s:<clusterUid>/<namespace>/<kind>/<name>`,
 * `docker:<daemonId>/container/<name>`, `shell:<environment>`. Hierarchical: a shorter target holds all below it.
 */
export type Target = string;

/** Whether holding one of the two excludes holding the other: they are equal, or one contains the other. */
export function targetsConflict(a: Target, b: Target): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** Sorted and without doubles: the one order in which locks are taken. */
export function sortTargets(targets: Iterable<Target>): Target[] {
  return [...new Set(targets)].sort();
}
