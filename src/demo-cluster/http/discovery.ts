import type { Resource } from '../kinds/resource.ts';
import { answeredKinds, resources } from '../resources.ts';
import { type Answer, json } from './request.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const partVerbs = ['get', 'patch', 'update'];

interface Part {
  name: string;
  group: string;
  version: string;
  kind: string;
  verbs: string[];
}

/** Answers the discovery paths `/api`, `/apis` and one API version; undefined for other paths. */
export function discovery(path: string, accept: string | undefined): Answer | undefined {
  const isAggregated = (accept ?? '').includes('as=APIGroupDiscoveryList');
  if (path === '/api' && isAggregated) return aggregated(['']);
  if (path === '/apis' && isAggregated) return aggregated(groups());
  if (path === '/api') return json({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/apis') {
    return json({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map((group) => groupOf(group)) });
  }
  const [, root, ...steps] = path.split('/');
  if (root === 'api' && steps.length === 1 && steps[0] === 'v1') return json(resourceList('', 'v1'));
  const [group = '', version] = steps;
  if (root !== 'apis' || !groups().includes(group)) return undefined;
  if (steps.length === 1) return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) });
  return steps.length === 2 && version === versionOf(group) ? json(resourceList(group, version)) : undefined;
}

/** The subresources of a kind. */
export function partsOf(resource: Resource): Part[] {
  const own = { group: resource.group, version: resource.version };
  const parts: Part[] = [];
  if (resource.key === 'pods') {
    parts.push({ name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] });
    parts.push({ name: 'log', ...own, kind: 'Pod', verbs: ['get'] });
  }
  if (resource.key === 'namespaces')
    parts.push({ name: 'finalize', ...own, kind: 'Namespace', verbs: ['update'] });
  if (resource.key === 'serviceaccounts') {
    const group = 'authentication.k8s.io';
    parts.push({ name: 'token', group, version: 'v1', kind: 'TokenRequest', verbs: ['create'] });
  }
  if (resource.scale)
    parts.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: partVerbs });
  if (resource.status) parts.push({ name: 'status', ...own, kind: resource.kind, verbs: partVerbs });
  return parts;
}

function groups(): string[] {
  const all = [...resources, ...answeredKinds].map((each) => each.group);
  return [...new Set(all)].filter((group) => group !== '');
}

function versionOf(group: string): string {
  return [...resources, ...answeredKinds].find((each) => each.group === group)?.version ?? 'v1';
}

function groupOf(name: string): object {
  const version = { groupVersion: `${name}/${versionOf(name)}`, version: versionOf(name) };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string, version: string): unknown {
  const kept = resources
    .filter((each) => each.group === group)
    .flatMap((each) => {
      const { plural: name, singular: singularName, namespaced, kind, shortNames, categories } = each;
      const parts = partsOf(each).map((part) => {
        const other = part.group === group ? {} : { group: part.group, version: part.version };
        return {
          name: `${name}/${part.name}`,
          singularName: '',
          namespaced,
          ...other,
          kind: part.kind,
          verbs: part.verbs,
        };
      });
      return [
        { name, singularName, namespaced, kind, verbs: verbsOf(each), shortNames, categories },
        ...parts,
      ];
    });
  const answered = answeredKinds
    .filter((each) => each.group === group)
    .map(({ plural: name, singular: singularName, namespaced, kind, verbs: does }) => {
      return { name, singularName, namespaced, kind, verbs: does };
    });
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [...kept, ...answered] };
}

function aggregated(names: string[]): Answer {
  const items = names.map((name) => {
    const kept = resources.filter((each) => each.group === name).map(describe);
    const answered = answeredKinds
      .filter((each) => each.group === name)
      .map((each) => ({
        resource: each.plural,
        responseKind: kindOf('', '', each.kind),
        scope: each.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: each.singular,
        verbs: each.verbs,
      }));
    const version = name === '' ? 'v1' : versionOf(name);
    const versions = [{ version, resources: [...kept, ...answered], freshness: 'Current' }];
    return { metadata: name === '' ? {} : { name }, versions };
  });
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return json(body, 200, { 'content-type': type, 'cache-control': 'public', vary: 'Accept' });
}

function describe(resource: Resource): unknown {
  const parts = partsOf(resource).map((part) => ({
    subresource: part.name,
    responseKind:
      part.group === resource.group ? kindOf('', '', part.kind) : kindOf(part.group, part.version, part.kind),
    verbs: part.verbs,
  }));
  return {
    resource: resource.plural,
    responseKind: kindOf('', '', resource.kind),
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: verbsOf(resource),
    shortNames: resource.shortNames,
    categories: resource.categories,
    subresources: parts.length === 0 ? undefined : parts,
  };
}

function verbsOf(resource: Resource): string[] {
  return resource.key === 'namespaces' || resource.key === 'services'
    ? verbs.filter((verb) => verb !== 'deletecollection' || resource.key === 'services')
    : verbs;
}

function kindOf(group: string, version: string, kind: string): object {
  return { group, version, kind };
}
