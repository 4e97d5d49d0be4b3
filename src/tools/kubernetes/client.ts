import { FaultError } from '../../domain/fault.ts';
import type { Connection, Reader } from '../../domain/ports/reader.ts';
import { statusFault } from './status-fault.ts';
import { send, type WireAnswer, type WireRequest } from './transport.ts';
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
  const ask = (request: WireRequest) => send(connection, request, reader.signal);
  const read = (path: string, accept = 'application/json') =>
    ask({ method: 'GET', path, headers: { accept } });
  const text = (answer: WireAnswer) => {
    if (answer.status >= 400) throw statusFault(answer, connection.environment);
    return answer.text;
  };
  const find = async <Value>(path: string) => {
    const answer = await read(path);
    return answer.status === 404 && answer.fault === undefined
      ? undefined
      : (JSON.parse(text(answer)) as Value);
  };
  const get = async <Value>(path: string, accept?: string) =>
    JSON.parse(text(await read(path, accept))) as Value;
  return {
    connection,
    reader,
    get: (path) => get(path),
    find,
    list: async <Item>(path: string) => (await find<List<Item>>(path))?.items ?? [],
    table: (path) => get<ServerTable>(path, tableType),
    text: async (path) => text(await read(path, 'text/plain, application/json')),
    patch: async <Value>(path: string, patch: object, dryRun: boolean) => {
      const headers = { 'content-type': 'application/merge-patch+json', accept: 'application/json' };
      const query = `?fieldManager=${fieldManager}${dryRun ? '&dryRun=All' : ''}`;
      const request = { method: 'PATCH', path: `${path}${query}`, headers, body: JSON.stringify(patch) };
      return JSON.parse(text(await ask(request))) as Value;
    },
    uid: async () => uidOf(await get<KubeObject>('/api/v1/namespaces/kube-system')),
  };
}

function uidOf(object: KubeObject): string {
  const uid = object.metadata?.uid;
  if (uid === undefined) throw new FaultError('internal', 'The namespace kube-system has no uid.');
  return uid;
}
