import type { Cluster } from './client.ts';
import { comesByFiles } from './delivered.ts';
import type { Metadata } from './wire.ts';

/** What delivers an object and may write over what others change. */
export function ownerWarnings(cluster: Cluster, metadata: Metadata | undefined): string[] {
  if (comesByFiles(cluster)) return [];
  const marks = { ...metadata?.labels, ...metadata?.annotations };
  const argo = marks['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? marks['argocd.argoproj.io/instance'];
  const flux = marks['kustomize.toolkit.fluxcd.io/name'] ?? marks['helm.toolkit.fluxcd.io/name'];
  const helm =
    marks['app.kubernetes.io/managed-by'] === 'Helm' ? marks['meta.helm.sh/release-name'] : undefined;
  const warnings: string[] = [];
  if (argo !== undefined) warnings.push(`Argo CD application ${argo} owns it and may undo this.`);
  if (flux !== undefined) warnings.push(`Flux (${flux}) owns it and may undo this.`);
  if (helm !== undefined) warnings.push(`Helm release ${helm} owns it; its next upgrade may undo this.`);
  return warnings;
}
