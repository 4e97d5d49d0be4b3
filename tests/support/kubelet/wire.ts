import type { Api } from '../../demo-cluster/support.ts';

/** A pod as far as the stand-in reads it. */
export type KubePod = {
  metadata: {
    uid: string;
    name: string;
    namespace: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
  };
  spec: {
    nodeName?: string;
    automountServiceAccountToken?: boolean;
    securityContext?: { runAsUser?: number; runAsGroup?: number; runAsNonRoot?: boolean };
    volumes?: { name: string; emptyDir?: object; secret?: { secretName: string } }[];
    containers: {
      image: string;
      command: string[];
      workingDir: string;
      env?: { name: string; value: string }[];
      securityContext?: {
        readOnlyRootFilesystem?: boolean;
        allowPrivilegeEscalation?: boolean;
        capabilities?: { drop?: string[] };
      };
      volumeMounts?: { name: string; mountPath: string }[];
    }[];
  };
  status?: { phase?: string };
};

type Policy = {
  spec: {
    podSelector: { matchLabels?: Record<string, string> };
    policyTypes?: string[];
    egress?: { ports?: { port: number }[] }[];
  };
};

/** Ports that the pod may reach; `open` where no policy selects it. */
export type Network = 'open' | readonly number[];

export async function networkOf(
  api: Api,
  { metadata: { namespace, labels = {} } }: KubePod,
): Promise<Network> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  const { items } = (await api('GET', path)).body as { items: Policy[] };
  const chosen = items.filter(
    ({ spec }) =>
      spec.policyTypes?.includes('Egress') &&
      Object.entries(spec.podSelector.matchLabels ?? {}).every(([name, value]) => labels[name] === value),
  );
  if (chosen.length === 0) return 'open';
  return chosen
    .flatMap(({ spec }) => spec.egress ?? [])
    .flatMap(({ ports = [] }) => ports.map(({ port }) => port));
}

/** The files of the pod's Secrets by the name of their volume; waits a little for a Secret that is made after the pod. */
export async function readFiles(api: Api, pod: KubePod): Promise<Record<string, Record<string, Buffer>>> {
  const found: Record<string, Record<string, Buffer>> = {};
  for (const { name, secret } of pod.spec.volumes ?? []) {
    if (secret === undefined) continue;
    const data = await readSecret(api, pod.metadata.namespace, secret.secretName);
    found[name] = Object.fromEntries(
      Object.entries(data).map(([file, value]) => [file, Buffer.from(value, 'base64')]),
    );
  }
  return found;
}

async function readSecret(api: Api, namespace: string, name: string): Promise<Record<string, string>> {
  for (let tried = 0; tried < 40; tried += 1) {
    const { status, body } = await api('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (status === 200) return (body as { data: Record<string, string> }).data;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`secret "${name}" not found`);
}
