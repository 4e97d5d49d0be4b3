import { FaultError } from '../../domain/fault.ts';
import type { Connection, Reader } from '../../domain/ports/reader.ts';
import { statusFault } from './status-fault.ts';
import { send, type WireRequest } from './transport.ts';
import type { KubeObject, List } from './wire.ts';

/**
 * The Kubernetes API through the step's own socket. Objects stay as the server sent them, with fields that no
 * client library of ours knows, so that putting one back loses nothing.
 */
export type Cluster = {
  readonly connection: Connection;
  readonly reader: Reader;
  get<Value = KubeObject>(path: string): Promise<Value>;
  /** Like `get`, but undefined for a 404: neither the object nor perhaps its kind exists. */
  find<Value = KubeObject>(path: string): Promise<Value | undefined>;
  /** All items of a list; none when the cluster does not serve the kind. */
  list<Item = KubeObject>(path: string): Promise<Item[]>;
  /** The server's own table for a list or an object. */
  table(path: string): Promise<ServerTable>;
  text(path: string): Promise<string>;
  /** A JSON merge patch. `dryRun` is the only difference between trying and doing. */
  patch<Value = KubeObject>(path: string, patch: object, dryRun: boolean): Promise<Value>;
  /** What the cluster is known by whatever it is called: the uid of kube-system. */
  uid(): Promise<string>;
};

export type ServerTable = {
  columnDefinitions: { name: string; type: string; priority: number }[];
  rows: { cells: unknown[]; object?: KubeObject }[] | null;
};

const tableType = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const fieldManager = 'reign';

/** Opens a connection by id. Every method throws FaultError with what the server said. */
export function openCluster(reader: Reader, connectionId: string): Cluster {
  const connection = reader.connect(connectionId);
  const ask = async (request: WireRequest) => {
    const answer = await send(connection, request, reader.signal);
    if (answer.status >= 400) throw statusFault(answer, connection.environment);
    return answer.text;
  };
  const get = async <Value>(path: string, accept = 'application/json') =>
    JSON.parse(await ask({ method: 'GET', path, headers: { accept } })) as Value;
  return {
    connection,
    reader,
    get: (path) => get(path),
    find: <Value>(path: string) => orUndefined(get<Value>(path)),
    list: async <Item>(path: string) => (await orUndefined(get<List<Item>>(path)))?.items ?? [],
    table: (path) => get<ServerTable>(path, tableType),
    text: (path) => ask({ method: 'GET', path, headers: { accept: 'text/plain, application/json' } }),
    patch: async <Value>(path: string, patch: object, dryRun: boolean) => {
      const headers = { 'content-type': 'application/merge-patch+json', accept: 'application/json' };
      const query = `?fieldManager=${fieldManager}${dryRun ? '&dryRun=All' : ''}`;
      const body = JSON.stringify(patch);
      return JSON.parse(await ask({ method: 'PATCH', path: `${path}${query}`, headers, body })) as Value;
    },
    uid: async () => uidOf(await get<KubeObject>('/api/v1/namespaces/kube-system')),
  };
}

function uidOf(object: KubeObject): string {
  const uid = object.metadata?.uid;
  if (uid === undefined) throw new FaultError('internal', 'The namespace kube-system has no uid.');
  return uid;
}

async function orUndefined<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof FaultError && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}
