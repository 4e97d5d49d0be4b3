import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { SandboxOptions } from '../sandbox/index.ts';
import { inClusterAccess, inClusterNamespace } from '../vault/in-cluster.ts';
import { kubeconfigAccess, usualKubeconfig } from '../vault/kubeconfig.ts';

/** What the configuration says about what steps run in. Throws FaultError where it does not say which namespace. */
export async function sandboxOptions(
  { sandbox }: Config,
  env: NodeJS.ProcessEnv,
): Promise<Pick<SandboxOptions, 'backend' | 'pod'>> {
  const { backend, pod } = sandbox;
  if (pod === undefined) return { backend };
  const { context, kubeconfig, namespace = await inClusterNamespace(), ...rest } = pod;
  if (namespace === undefined)
    throw new FaultError(
      'bad-request',
      'Set sandbox.pod.namespace: this worker runs in no namespace of its own.',
    );
  const isOutside = context !== undefined || kubeconfig !== undefined;
  const access = (): ReturnType<typeof inClusterAccess> =>
    isOutside ? kubeconfigAccess(kubeconfig ?? usualKubeconfig(env), context) : inClusterAccess(env);
  return { backend, pod: { ...rest, namespace, access } };
}
