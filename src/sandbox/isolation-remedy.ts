import { existsSync } from 'node:fs';

/** What to do about bubblewrap that does not work, by what it says and by whether this is a container. */
export function isolationRemedy(problem: string, container = inContainer()): string {
  if (!container)
    return 'On Debian and Ubuntu: `sudo apt-get install bubblewrap`; unprivileged user namespaces must be allowed (sysctl `user.max_user_namespaces`, and `kernel.apparmor_restrict_unprivileged_userns=0` where it exists).';
  if (/not installed/.test(problem))
    return 'Take an image with bubblewrap in it, as the Dockerfile makes it.';
  if (/mount proc/i.test(problem))
    return 'The container hides parts of /proc. Docker: `--security-opt systempaths=unconfined`. Kubernetes: `procMount: Unmasked` in the container’s securityContext and `hostUsers: false` in the pod (chart: `sandbox.backend: bubblewrap` sets both).';
  return 'The container may not make user namespaces. Docker: `--security-opt seccomp=unconfined`. Kubernetes: `seccompProfile: { type: Unconfined }` in the container’s securityContext (chart: `sandbox.backend: bubblewrap` sets it), in a namespace whose pod security allows it; on the node, `user.max_user_namespaces` above 0. Or run steps in pods: `sandbox.pod` in reign.yaml.';
}

function inContainer(): boolean {
  return existsSync('/.dockerenv') || process.env['KUBERNETES_SERVICE_HOST'] !== undefined;
}
