import type { AppsV1ApiRequestFactory } from '@kubernetes/client-node/dist/gen/apis/AppsV1Api.js';
import type { AutoscalingV2ApiRequestFactory } from '@kubernetes/client-node/dist/gen/apis/AutoscalingV2Api.js';
import type { CoreV1ApiRequestFactory } from '@kubernetes/client-node/dist/gen/apis/CoreV1Api.js';
import type { PolicyV1ApiRequestFactory } from '@kubernetes/client-node/dist/gen/apis/PolicyV1Api.js';
import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';

/** The official client's makers of requests, for one cluster. */
export type Apis = {
  core: CoreV1ApiRequestFactory;
  apps: AppsV1ApiRequestFactory;
  autoscaling: AutoscalingV2ApiRequestFactory;
  policy: PolicyV1ApiRequestFactory;
};

export type Library = Awaited<ReturnType<typeof load>>;

let loading: Promise<Library> | undefined;

/** Loads the official client ahead of its first use. */
export async function warmUp(): Promise<void> {
  await loadLibrary();
}

/** The parts of the official client that are used; the whole of it takes twice as long and as much memory. */
export function loadLibrary(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load() {
  const [http, servers, configuration, patch, util, core, apps, autoscaling, policy] = await Promise.all([
    import('@kubernetes/client-node/dist/gen/http/http.js'),
    import('@kubernetes/client-node/dist/gen/servers.js'),
    import('@kubernetes/client-node/dist/gen/configuration.js'),
    import('@kubernetes/client-node/dist/patch.js'),
    import('@kubernetes/client-node/dist/util.js'),
    import('@kubernetes/client-node/dist/gen/apis/CoreV1Api.js'),
    import('@kubernetes/client-node/dist/gen/apis/AppsV1Api.js'),
    import('@kubernetes/client-node/dist/gen/apis/AutoscalingV2Api.js'),
    import('@kubernetes/client-node/dist/gen/apis/PolicyV1Api.js'),
  ]);
  const createApis = (settings: Configuration): Apis => ({
    core: new core.CoreV1ApiRequestFactory(settings),
    apps: new apps.AppsV1ApiRequestFactory(settings),
    autoscaling: new autoscaling.AutoscalingV2ApiRequestFactory(settings),
    policy: new policy.PolicyV1ApiRequestFactory(settings),
  });
  const { quantityToScalar } = util;
  return { ...http, ...servers, ...configuration, ...patch, quantityToScalar, createApis };
}
