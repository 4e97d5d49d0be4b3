import type { Cluster } from './cluster.ts';
import { forbidden } from './failure.ts';
import type { Resource } from './kinds/resource.ts';
import type { KubeObject } from './types.ts';

/** Refuses an object of which a ResourceQuota of its namespace allows no more. Only numbers of objects are counted. */
export function checkQuotas(cluster: Cluster, resource: Resource, object: KubeObject): void {
  const { namespace, name } = object.metadata;
  if (namespace === undefined) return;
  for (const quota of cluster.store.list('resourcequotas', namespace)) {
    const { hard = {} } = (quota.spec ?? {}) as { hard?: Record<string, string> };
    for (const counted of [`count/${resource.key}`, resource.key]) {
      const most = hard[counted];
      const used = cluster.store.list(resource.key, namespace).length;
      if (most === undefined || used < Number(most)) continue;
      const numbers = `requested: ${counted}=1, used: ${counted}=${used}, limited: ${counted}=${most}`;
      throw forbidden(resource, name, `exceeded quota: ${quota.metadata.name}, ${numbers}`);
    }
  }
}
