/**
 * Which images the demo's registry has. The rule: an image can be pulled when its repository is one of the
 * known ones below (any name under `registry.demo/` or `demo/`, or a well-known public name) and its tag
 * or digest does not look made up. A tag with `crash` in it starts and fails.
 * Containers under `outside.demo/` are not played: a kubelet outside of this program runs them and writes their status.
 */
export type ImageBehaviour = 'runs' | 'crashes' | 'missing' | 'outside';

const badTag = /bad|broken|missing|nope|does-?not-?exist|invalid|typo/;
const ownRepository = /^(registry\.demo|demo|ghcr\.io\/demo)\/[a-z0-9][-a-z0-9_./]*$/;
const publicNames =
  /^(docker\.io\/)?(library\/)?(nginx|httpd|busybox|alpine|redis|postgres|mysql|node|python|debian|ubuntu|memcached|rabbitmq|traefik|hello-world)$/;
const publicRegistries =
  /^(registry\.k8s\.io|quay\.io|ghcr\.io|public\.ecr\.aws|gcr\.io)\/[a-z0-9][-a-z0-9_./]*$/;
const bitnami = /^(docker\.io\/)?bitnami\/[a-z0-9][-a-z0-9_]*$/;

/** What happens when a container of this image is started. */
export function imageBehaviour(image: string): ImageBehaviour {
  const { repository, tag } = splitImage(image);
  if (repository.startsWith('outside.demo/')) return 'outside';
  const isKnown = [ownRepository, publicNames, publicRegistries, bitnami].some((each) =>
    each.test(repository),
  );
  if (!isKnown || badTag.test(tag) || badTag.test(repository)) return 'missing';
  return tag.includes('crash') ? 'crashes' : 'runs';
}

export function splitImage(image: string): { repository: string; tag: string } {
  const [beforeDigest = '', digest] = image.split('@');
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/');
  const repository = hasTag ? beforeDigest.slice(0, colon) : beforeDigest;
  return { repository, tag: digest ?? (hasTag ? beforeDigest.slice(colon + 1) : 'latest') };
}
