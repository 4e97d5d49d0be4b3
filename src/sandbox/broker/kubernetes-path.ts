/** What a path of the Kubernetes API names: an object or list with its subresource, or discovery and health. */
export type KubernetesPath =
  | { kind: 'other' }
  | { kind: 'object'; group: string; resource: string; name: string | undefined; part: string | undefined };

const otherPaths = new Set(['version', 'healthz', 'livez', 'readyz', 'openapi']);
const partsOfNamespace = new Set(['status', 'finalize']);

/** Reads a path; undefined for what the broker does not know, such as the old `/api/v1/proxy/…`. */
export function parseKubernetesPath(segments: readonly string[]): KubernetesPath | undefined {
  const [first = ''] = segments;
  if (otherPaths.has(first)) return { kind: 'other' };
  const depth = first === 'api' ? 2 : first === 'apis' ? 3 : 0;
  if (depth === 0) return undefined;
  if (segments.length <= depth) return { kind: 'other' };
  const group = first === 'api' ? '' : (segments[1] ?? '');
  return objectPath(group, segments.slice(depth));
}

function objectPath(group: string, segments: readonly string[]): KubernetesPath | undefined {
  const rest = segments[0] === 'watch' ? segments.slice(1) : segments;
  const [first, namespace, third] = rest;
  if (first === undefined || first === 'proxy') return undefined;
  const inNamespace =
    first === 'namespaces' && namespace !== undefined && third !== undefined && !isNamespacePart(rest);
  const [resource = '', name, part, ...more] = inNamespace ? rest.slice(2) : rest;
  if (more.length > 0) return undefined;
  return { kind: 'object', group, resource, name, part };
}

function isNamespacePart(rest: readonly string[]): boolean {
  return rest.length === 3 && partsOfNamespace.has(rest[2] ?? '');
}
