import type { Configuration, RequestContext } from '@kubernetes/client-node';
import { type ClusterAnswer, parseAnswer, statusFault } from '../../domain/cluster-answer.ts';
import { FaultError } from '../../domain/fault.ts';
import type { Connection, Reader } from '../../domain/ports/reader.ts';
import { conflictsOf, type FieldConflict } from './field-conflicts.ts';
import { type Apis, type Library, loadLibrary } from './library.ts';
import { socketTransport } from './transport.ts';
import type { KubeObject, List } from './wire.ts';

/**
 * What to ask for: a request of the official client's generated APIs, or the path of a kind that is only known at run
 * time, of which the client makes the request as it does for its own untyped objects.
 */
export type Ask = string | ((apis: Apis) => Promise<RequestContext>);

/**
 * The Kubernetes API through the step's own socket, by the official client. Objects stay as the server sent them, with
 * fields that the client's models do not know and would drop, so that putting one back loses nothing.
 */
export type Cluster = {
  readonly connection: Connection;
  readonly reader: Reader;
  get<Value = KubeObject>(ask: Ask): Promise<Value>;
  /** Like `get`, but undefined for a 404: neither the object nor perhaps its kind exists. */
  find<Value = KubeObject>(ask: Ask): Promise<Value | undefined>;
  /** All items of a list; none when the cluster does not serve the kind. */
  list<Item = KubeObject>(ask: Ask, query?: Query): Promise<Item[]>;
  /** The server's own table for a list or an object. */
  table(ask: Ask): Promise<ServerTable>;
  text(ask: Ask): Promise<string>;
  /** A JSON merge patch of the object at the path, the one that was approved. `dryRun` alone tells trying from doing. */
  patch<Value = KubeObject>(path: string, patch: object, dryRun: boolean): Promise<Value>;
  /**
   * Server-side apply of an object's wanted fields, made where it is missing. `conflicts`: fields that others own with
   * other values, which `force` would take over; nothing was written then.
   */
  apply(path: string, object: object, options: { force: boolean; dryRun: boolean }): Promise<Applied>;
  /** Makes an object in the collection at the path. */
  create<Value = KubeObject>(path: string, object: object, dryRun: boolean): Promise<Value>;
  /** Deletes exactly the object of this uid, with what it owns; a missing one is `gone`. */
  remove(path: string, uid: string, dryRun: boolean): Promise<'removed' | 'gone'>;
  /** Asks for a pod to be evicted: `wait` while a disruption budget does not allow it now. */
  evict(namespace: string, name: string, dryRun: boolean): Promise<'evicted' | 'wait' | 'gone'>;
  /** What the cluster is known by whatever it is called: the uid of kube-system. */
  uid(): Promise<string>;
};

export type Applied =
  | { kind: 'applied'; object: KubeObject }
  | { kind: 'conflicts'; conflicts: readonly FieldConflict[] };

export type ServerTable = {
  columnDefinitions: { name: string; type: string; priority: number }[];
  rows: { cells: unknown[]; object?: KubeObject }[] | null;
};

type Query = { [parameter: string]: string };
type Details = { query?: Query | undefined; accept?: string | undefined };
type Make = (
  library: Library,
  configuration: Configuration,
  apis: Apis,
) => RequestContext | Promise<RequestContext>;

const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const fieldManager = 'reign';

/** Opens a connection by id. Every method throws FaultError with what the server said. */
export function openCluster(reader: Reader, connectionId: string): Cluster {
  const connection = reader.connect(connectionId);
  const views = reader.environments.flatMap(({ connections }) => connections);
  const asAsker = views.some(({ id, actsAs }) => id === connectionId && actsAs === 'asker');
  const send = (make: Make) => answerTo(connection, reader.signal, make);
  const read = (ask: Ask, { query, accept }: Details = {}) => send(readRequest(ask, { query, accept }));
  const text = (answer: ClusterAnswer) => {
    if (answer.status >= 400) throw statusFault(answer, connection.environment, asAsker);
    return answer.text;
  };
  const parsed = <Value>(answer: ClusterAnswer) => parseAnswer<Value>(text(answer), connection.environment);
  const find = async <Value>(ask: Ask, query?: Query) => {
    const answer = await read(ask, { query });
    return answer.status === 404 && answer.fault === undefined ? undefined : parsed<Value>(answer);
  };
  const get = async <Value>(ask: Ask, accept?: string) => parsed<Value>(await read(ask, { accept }));
  return {
    connection,
    reader,
    get: (ask) => get(ask),
    find: (ask) => find(ask),
    list: async <Item>(ask: Ask, query?: Query) => (await find<List<Item>>(ask, query))?.items ?? [],
    table: (ask) => get<ServerTable>(ask, tableType),
    text: async (ask) => text(await read(ask)),
    patch: async <Value>(path: string, patch: object, dryRun: boolean) =>
      parsed<Value>(await send(patchRequest(path, patch, 'MergePatch', dryRun))),
    apply: async (path, object, { force, dryRun }) => {
      const answer = await send(patchRequest(path, object, 'ServerSideApply', dryRun, force));
      const conflicts = conflictsOf(answer);
      if (conflicts.length > 0) return { kind: 'conflicts', conflicts };
      return { kind: 'applied', object: parsed<KubeObject>(answer) };
    },
    create: async <Value>(path: string, object: object, dryRun: boolean) =>
      parsed<Value>(await send(bodyRequest('POST', path, object, dryRun))),
    remove: async (path, uid, dryRun) => {
      const options = {
        ...{ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
        preconditions: { uid },
        ...(dryRun ? { dryRun: ['All'] } : {}),
      };
      const answer = await send(bodyRequest('DELETE', path, options, dryRun));
      if (answer.status === 404 && answer.fault === undefined) return 'gone';
      parsed(answer);
      return 'removed';
    },
    evict: async (namespace, name, dryRun) => {
      const answer = await send(evictRequest(namespace, name, dryRun));
      if (answer.status === 429) return 'wait';
      if (answer.status === 404 && answer.fault === undefined) return 'gone';
      parsed(answer);
      return 'evicted';
    },
    uid: async () => uidOf(await get<KubeObject>(({ core }) => core.readNamespace('kube-system'))),
  };
}

function readRequest(ask: Ask, { query = {}, accept }: Details): Make {
  return async ({ HttpMethod }, { baseServer }, apis) => {
    const known = typeof ask !== 'string';
    const context = known ? await ask(apis) : baseServer.makeRequestContext(ask, HttpMethod.GET);
    for (const [name, value] of Object.entries(query)) context.setQueryParam(name, value);
    if (accept !== undefined || !known) context.setHeaderParam('Accept', accept ?? 'application/json');
    return context;
  };
}

function patchRequest(
  path: string,
  patch: object,
  strategy: 'MergePatch' | 'ServerSideApply',
  dryRun: boolean,
  force = false,
): Make {
  return ({ HttpMethod, PatchStrategy }, { baseServer }) => {
    const context = baseServer.makeRequestContext(path, HttpMethod.PATCH);
    context.setQueryParam('fieldManager', fieldManager);
    if (force) context.setQueryParam('force', 'true');
    if (dryRun) context.setQueryParam('dryRun', 'All');
    context.setHeaderParam('Accept', 'application/json');
    context.setHeaderParam('Content-Type', PatchStrategy[strategy]);
    context.setBody(JSON.stringify(patch));
    return context;
  };
}

function evictRequest(namespace: string, name: string, dryRun: boolean): Make {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  return bodyRequest('POST', evictionPath(namespace, name), eviction, dryRun);
}

function bodyRequest(method: 'POST' | 'DELETE', path: string, body: object, dryRun: boolean): Make {
  return ({ HttpMethod }, { baseServer }) => {
    const context = baseServer.makeRequestContext(path, HttpMethod[method]);
    if (method === 'POST' && !path.endsWith('/eviction')) context.setQueryParam('fieldManager', fieldManager);
    if (dryRun) context.setQueryParam('dryRun', 'All');
    context.setHeaderParam('Accept', 'application/json');
    context.setHeaderParam('Content-Type', 'application/json');
    context.setBody(JSON.stringify(body));
    return context;
  };
}

export function evictionPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/eviction`;
}

async function answerTo(connection: Connection, signal: AbortSignal, make: Make): Promise<ClusterAnswer> {
  const library = await loadLibrary();
  const configuration = library.createConfiguration({
    baseServer: new library.ServerConfiguration(connection.baseUrl.replace(/\/$/, ''), {}),
    httpApi: library.wrapHttpLibrary(socketTransport(library, connection)),
  });
  const context = await make(library, configuration, library.createApis(configuration));
  context.setSignal(signal);
  const { httpStatusCode, headers, body } = await configuration.httpApi.send(context).toPromise();
  return { status: httpStatusCode, text: await body.text(), fault: headers['x-reign-fault'] };
}

function uidOf(object: KubeObject): string {
  const uid = object.metadata?.uid;
  if (uid === undefined) throw new FaultError('internal', 'The namespace kube-system has no uid.');
  return uid;
}
