import type { Store } from './store/store.ts';

/** How long the things a real cluster does take here, in milliseconds. */
export interface Timing {
  /** From the start of a pod until it is ready. */
  podReadyMs: number;
  /** From the first failed pull until the back-off shows. */
  imagePullBackOffMs: number;
  /** From the delete of a pod until it is gone. */
  terminationMs: number;
}

export const defaultTiming: Timing = { podReadyMs: 1200, imagePullBackOffMs: 1500, terminationMs: 500 };

/** One demo cluster, as its parts see it. */
export interface Cluster {
  name: string;
  store: Store;
  timing: Timing;
  /** The administrator's token; it signs those of service accounts. */
  secret: string;
  log(line: string): void;
}

/** The present as Kubernetes writes it: whole seconds. */
export function timestamp(milliseconds = Date.now()): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
