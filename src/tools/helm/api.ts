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
  /** Asks the server whether it would take an object, as helm sends it. Undefined: yes; else its words. */
  tryApply(path: string, object: KubeObject): Promise<Refusal | undefined>;
  /** The resource of a kind, or undefined for a kind that the cluster does not serve. */
  resource(apiVersion: string, kind: string): Promise<Resource | undefined>;
};

export type Refusal = { status: number; message: string };
export type Resource = { base: string; plural: string; namespaced: boolean };

type ResourceList = { resources?: { name: string; kind: string; namespaced: boolean }[] };
type Answer = { status: number; text: string };

const mostMilliseconds = 14_000;

/** Requests to a cluster at the step's own loopback address. Every method throws FaultError. */
export function openApi(url: string, environment: string, stop: AbortSignal): Api {
  const known = new Map<string, Promise<ResourceList | undefined>>();
  const send = (path: string, init: RequestInit = {}) =>
    ask(url, environment, path, { ...init, signal: stop });
  const find = async <Value>(path: string): Promise<Value | undefined> => {
    const answer = await send(path);
    if (answer.status === 404) return undefined;
    if (answer.status >= 400) throw refusalFault(answer, environment);
    return JSON.parse(answer.text) as Value;
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
      return answer.status < 400 ? undefined : { status: answer.status, message: messageOf(answer) };
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

async function ask(url: string, environment: string, path: string, init: RequestInit): Promise<Answer> {
  const limit = AbortSignal.timeout(mostMilliseconds);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    const response = await fetch(`${url}${path}`, { ...init, redirect: 'error', signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    if (limit.aborted)
      throw new FaultError('timeout', `The cluster of ${environment} did not answer in time.`);
    throw new FaultError('unreachable', `The cluster of ${environment} can't be reached.`, { cause: error });
  }
}

function refusalFault(answer: Answer, environment: string): FaultError {
  const words = `The cluster of ${environment} answered ${answer.status}: ${messageOf(answer)}`;
  if (answer.status === 401 || answer.status === 403) return new FaultError('not-allowed', words);
  return new FaultError(answer.status >= 500 ? 'unreachable' : 'bad-request', words);
}

function messageOf({ text }: Answer): string {
  try {
    const body = JSON.parse(text) as { message?: string; fault?: { message?: string } };
    return body.fault?.message ?? body.message ?? text;
  } catch {
    return text.slice(0, 300);
  }
}
