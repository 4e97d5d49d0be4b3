import type { ServerAccess } from '../../domain/ports/credentials.ts';

export type PodOptions = {
  /** The worker's own image: steps are started by its paths. */
  image: string;
  namespace: string;
  /** Name of a Secret with which the image is pulled. */
  pullSecret?: string;
  /** Where pods reach this worker, which listens there; in a cluster it is found out. */
  address?: string;
  /** 0 takes a free one, for which no NetworkPolicy can be written beforehand. */
  port: number;
  /** Pods of each profile kept ready. */
  waiting: number;
  /** How long a pod may take until it answers. */
  startSeconds: number;
  /** How the cluster's API is reached; asked each time, since tokens are renewed. */
  access: () => Promise<ServerAccess>;
};
