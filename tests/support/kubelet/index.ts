import { once } from 'node:events';
import { type Api, apiOf } from '../../demo-cluster/support.ts';
import { type RunningPod, runPod } from './run-pod.ts';
import { type KubePod, networkOf, readFiles } from './wire.ts';

// A stand-in for a kubelet, since none runs on the machines of these tests: for pods of the demo cluster whose image
// lies under `outside.demo/` it runs the container's command as a process of this machine, under bubblewrap with the
// pod's account, capabilities, volumes, environment and command. There are no images: the system's folders and the code
// are mounted, read-only. Memory and processors are not bounded and there is no seccomp profile. Of a NetworkPolicy it
// enforces one meaning: a pod that a policy with `Egress` selects reaches this machine on the ports it names, and nothing
// else. It is not the kubelet, and passing here says nothing about an image or a network plug-in.

/** Images that it runs. */
export const outsideImage = 'outside.demo/reign:1';

export type Kubelet = {
  /** Ids of the outermost processes of the pods that run now. */
  running(): number[];
  /** Names of all pods that were ever started. */
  started(): readonly string[];
  stop(): Promise<void>;
};

export async function startKubelet(options: {
  url: string;
  token: string;
  /** What stands for the content of the image; seen inside by the same paths. */
  code: readonly string[];
}): Promise<Kubelet> {
  const api = apiOf(options.url, options.token);
  const pods = new Map<string, Promise<RunningPod | undefined>>();
  const started: string[] = [];
  const stopping = new AbortController();
  const see = (type: string, pod: KubePod): void => {
    const { uid, name, deletionTimestamp } = pod.metadata;
    if (!pod.spec.containers.every(({ image }) => image.startsWith('outside.demo/'))) return;
    const known = pods.get(uid);
    if (type === 'DELETED' || deletionTimestamp !== undefined) {
      pods.delete(uid);
      void end(api, pod, known, type === 'DELETED');
    } else if (known === undefined && pod.spec.nodeName !== undefined && pod.status?.phase === 'Pending') {
      started.push(name);
      pods.set(uid, start(api, pod, options));
    }
  };
  const watching = watch(options, stopping.signal, see);
  return {
    running: () => [...live],
    started: () => started,
    async stop() {
      stopping.abort();
      await watching;
      for (const pod of pods.values()) await (await pod)?.kill(0);
    },
  };
}

const live = new Set<number>();

async function start(
  api: Api,
  pod: KubePod,
  options: { url: string; code: readonly string[] },
): Promise<RunningPod | undefined> {
  const path = pathOf(pod);
  const files = await readFiles(api, pod).catch(async (error: Error) => {
    const container = {
      name: 'step',
      state: { waiting: { reason: 'CreateContainerError', message: error.message } },
    };
    await setStatus(api, path, { phase: 'Pending', containerStatuses: [container] });
    return undefined;
  });
  if (files === undefined) return undefined;
  const running = runPod(pod, { ...options, files, network: await networkOf(api, pod) });
  const startedAt = new Date().toISOString();
  const { id } = running;
  live.add(id);
  const status = (state: object) => ({
    name: 'step',
    ready: false,
    restartCount: 0,
    image: outsideImage,
    state,
  });
  await setStatus(api, path, {
    phase: 'Running',
    podIP: '127.0.0.1',
    containerStatuses: [{ ...status({ running: { startedAt } }), ready: true }],
  });
  void running.ended.then(async ({ exitCode, log }) => {
    live.delete(id);
    const terminated = {
      ...{ exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt },
      ...(exitCode === 0 || log === '' ? {} : { message: log }),
      finishedAt: new Date().toISOString(),
    };
    const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
    await setStatus(api, path, { phase, containerStatuses: [status({ terminated })] });
  });
  return running;
}

/** Ends the pod's processes and then says so, as a kubelet does, by deleting the pod for good. */
async function end(
  api: Api,
  pod: KubePod,
  known: Promise<RunningPod | undefined> | undefined,
  isGone: boolean,
): Promise<void> {
  const grace = isGone ? 0 : (pod.metadata.deletionGracePeriodSeconds ?? 30);
  await (await known)?.kill(grace * 1000);
  if (!isGone) await api('DELETE', pathOf(pod), { gracePeriodSeconds: 0 }).catch(() => undefined);
}

function pathOf({ metadata: { namespace, name } }: KubePod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

async function setStatus(api: Api, path: string, status: object): Promise<void> {
  // The pod or its cluster may be gone by now.
  await api('PATCH', `${path}/status`, { status }, { 'content-type': 'application/merge-patch+json' }).catch(
    () => undefined,
  );
}

/** Follows all pods until it is aborted; connects again when the cluster was away. */
async function watch(
  { url, token }: { url: string; token: string },
  signal: AbortSignal,
  see: (type: string, pod: KubePod) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/api/v1/pods?watch=true`, { headers, signal });
      let rest = '';
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
        const lines = (rest + Buffer.from(chunk).toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const { type, object } = JSON.parse(line) as { type: string; object: KubePod };
          if (['ADDED', 'MODIFIED', 'DELETED'].includes(type)) see(type, object);
        }
      }
    } catch {
      if (!signal.aborted)
        await Promise.race([once(signal, 'abort'), new Promise((r) => setTimeout(r, 200))]);
    }
  }
}
