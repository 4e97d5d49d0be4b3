import { type ClusterAnswer, statusFault } from '../../domain/cluster-answer.ts';
import { type FaultCode, FaultError } from '../../domain/fault.ts';
import type { KubeObject } from './api.ts';
import type { Plan } from './change.ts';
import type { Placed } from './objects.ts';
import { without } from './raises.ts';
import type { ReleaseInput } from './release.ts';
import type { Helm } from './run-helm.ts';
import type { WriteInput } from './writes.ts';

const atOnce = 8;

/**
 * Tries what a chart would send. Where helm itself merges, an apply would meet helm's own fields: only new objects are
 * tried then.
 */
export function tryChart(helm: Helm, input: WriteInput, { base, wanted }: Plan): Promise<string[]> {
  return tryObjects(helm, input, input.serverSide ? wanted : without(wanted, base));
}

/**
 * Asks the server whether it would take each object, by its own dry run: helm's renders, but does not try. What cannot
 * be tried yet, e.g. in a namespace of the same chart, comes back as a warning.
 * @throws FaultError naming the object that the server would refuse, or that it could not be asked about
 */
export async function tryObjects(
  { api }: Helm,
  { release, namespace, environment }: Pick<ReleaseInput, 'release' | 'namespace' | 'environment'>,
  placed: readonly Placed[],
): Promise<string[]> {
  const warnings: string[] = [];
  const left = [...placed];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { path, title, object } = next;
      const refusal =
        path === undefined ? notServed : await api.tryApply(path, asSent(object, release, namespace));
      if (refusal === undefined) continue;
      const { code, message } = statusFault(refusal, environment).fault;
      if (code === 'not-found') warnings.push(`${title} could not be tried: ${message}`);
      else throw new FaultError(code, `${title} would not be taken: ${message}${whatToDo[code] ?? ''}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return warnings.sort();
}

const whatToDo: { [code in FaultCode]?: string } = {
  conflict:
    ' Somebody set these fields past helm: put their values into the chart, or set them back, and ask again.',
};
const notServed: ClusterAnswer = {
  ...{ status: 404, fault: undefined },
  text: 'it does not know its kind yet',
};

/** helm adds whose the object is. */
function asSent(object: KubeObject, release: string, namespace: string): KubeObject {
  const { labels, annotations } = object.metadata ?? {};
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...annotations,
        'meta.helm.sh/release-name': release,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
}
