import { type FaultCode, FaultError } from '../../domain/fault.ts';
import type { KubeObject, Refusal } from './api.ts';
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
 * @throws FaultError `bad-request`, `conflict` or `not-allowed` naming the object that the server would refuse
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
      const code = codeOf(refusal);
      const words = `${title} in ${environment}: ${refusal.message}`;
      if (code === undefined) warnings.push(`This could not be tried: ${words}`);
      else
        throw new FaultError(code, `The cluster would refuse ${words}${code === 'conflict' ? whatToDo : ''}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return warnings.sort();
}

const whatToDo =
  ' Somebody set these fields past helm: put their values into the chart, or set them back, and ask again.';
const notServed: Refusal = { status: 404, message: 'the cluster does not know its kind yet' };

function codeOf({ status }: Refusal): FaultCode | undefined {
  if (status === 409) return 'conflict';
  if (status === 401 || status === 403) return 'not-allowed';
  return status === 404 || status >= 500 ? undefined : 'bad-request';
}

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
