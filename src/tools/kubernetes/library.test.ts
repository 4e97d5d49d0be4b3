import { expect, test } from 'vitest';
import { type Apis, loadLibrary } from './library.ts';
import { type WorkloadInput, workloadKinds, workloadPath } from './workload.ts';

const place = { environment: 'staging', connection: 'main', clusterUid: 'u', namespace: 'shop' };

test.each(workloadKinds)(
  'the path that is approved for a %s is the one of the official client',
  async (kind) => {
    const input: WorkloadInput = { ...place, kind, name: 'check.out' };
    const apis = await createApis();
    const requests = {
      deployment: () => apis.apps.patchNamespacedDeployment(input.name, input.namespace, {}),
      statefulset: () => apis.apps.patchNamespacedStatefulSet(input.name, input.namespace, {}),
      daemonset: () => apis.apps.patchNamespacedDaemonSet(input.name, input.namespace, {}),
    };
    const request = await requests[kind]();
    expect(request.getUrl()).toBe(`http://cluster.test${workloadPath(input)}`);
  },
);

async function createApis(): Promise<Apis> {
  const library = await loadLibrary();
  const baseServer = new library.ServerConfiguration('http://cluster.test', {});
  return library.createApis(library.createConfiguration({ baseServer }));
}
