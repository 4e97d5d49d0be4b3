import { type ClusterAnswer, parseAnswer, statusFault } from '../../domain/cluster-answer.ts';
import { FaultError } from '../../domain/fault.ts';

export type KubeObject = {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    deletionTimestamp?: string;
    labels?: { [key: string]: string };
    annotations?: { [key: string]: string };
  };
  [field: string]: unknown;
};

/** What helm itself does not tell about a cluster: single objects, and where a kind's objects are. */
export type Api = {
  readonly environment: string;
  get<Value = KubeObject>(path: string): Promise<Value>;
  /** Undefined where nothing is there. */
  find<Value = KubeObject>(path: string): Promise<Value | undefined>;
  /** Asks the server whether it would take an object, as helm sends it. Undefined: yes; else its answer. */
  tryApply(path: string, object: KubeObject): Promise<ClusterAnswer | undefined>;
  /** The resource of a kind, or undefined for a kind that the cluster does not serve. */
  resource(apiVersion: string, kind: string): Promise<Resource | undefined>;
};

export type Resource = { base: string; plural: string; namespaced: boolean };

type ResourceList = { resources?: { name: string; kind: string; namespaced: boolean }[] };

const mostMilliseconds = 14_000;

/** Requests to a cluster at the step's own loopback address. Every method throws FaultError. */
export function openApi(url: string, environment: string, stop: AbortSignal): Api {
  const known = new Map<string, Promise<ResourceList | undefined>>();
  const send = (path: string, init: RequestInit = {}) =>
    ask(url, environment, path, { ...init, signal: stop });
  const find = async <Value>(path: string): Promise<Value | undefined> => {
    const answer = await send(path);
    if (answer.status === 404 && answer.fault === undefined) return undefined;
    if (answer.status >= 400) throw statusFault(answer, environment);
    return parseAnswer<Value>(answer.text, environment);
  };
  return {
    environment,
    find,
    async get<Value>(path: string) {
      const found = await find<Value>(path);
      if (found === undefined) throw new FaultError('not-found', `There is no ${path} in ${environment}.`);
      return found;
    },
    async tryApply(path, object) {
      const query = 'fieldManager=helm&fieldValidation=Strict&force=false&dryRun=All';
      const headers = { 'content-type': 'application/apply-patch+yaml' };
      const answer = await send(`${path}?${query}`, {
        method: 'PATCH',
        headers,
        body: JSON.stringify(object),
      });
      if (answer.status >= 400) return answer;
      parseAnswer(answer.text, environment);
      return undefined;
    },
    async resource(apiVersion, kind) {
      const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const list = known.get(base) ?? find<ResourceList>(base);
      known.set(base, list);
      const found = (await list)?.resources?.find((it) => it.kind === kind && !it.name.includes('/'));
      return found === undefined ? undefined : { base, plural: found.name, namespaced: found.namespaced };
    },
  };
}

async function ask(
  url: string,
  environment: string,
  path: string,
  init: RequestInit,
): Promise<ClusterAnswer> {
  const limit = AbortSignal.timeout(mostMilliseconds);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    const response = await fetch(`${url}${path}`, { ...init, redirect: 'error', signal });
    const fault = response.headers.get('x-reign-fault') ?? undefined;
    return { status: response.status, text: await response.text(), fault };
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    if (limit.aborted)
      throw new FaultError('timeout', `The cluster of ${environment} did not answer in time.`);
    throw new FaultError('unreachable', `The cluster of ${environment} can't be reached.`, { cause: error });
  }
}
