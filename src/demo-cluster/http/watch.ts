import type { ServerResponse } from 'node:http';
import type { Cluster } from '../cluster.ts';
import { badRequest, expired, tooLarge } from '../failure.ts';
import type { Change } from '../store/store.ts';
import type { KubeObject } from '../types.ts';
import { objectFilter } from './read.ts';
import type { Answer, ResourceRequest } from './request.ts';
import { formOf, renderOne } from './table.ts';

const defaultSeconds = 30 * 60;
const mostUnreadBytes = 16 * 1024 * 1024;

/**
 * Streams changes: first what the resourceVersion asks for (everything, or what came after it), then every
 * stored change. Too old a resourceVersion gets a 410 as an ERROR event, after which the stream ends.
 */
export function watchObjects(cluster: Cluster, request: ResourceRequest): Answer {
  const since = request.query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(since)) throw badRequest(`Invalid resource version: ${JSON.stringify(since)}`);
  const present = cluster.store.revision();
  if (Number(since) > present) throw tooLarge(since, present);
  const filter = objectFilter(request);
  return {
    kind: 'stream',
    start(response) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const writer = new EventWriter(response, request);
      const seconds = Number(request.query.get('timeoutSeconds') ?? 0) || defaultSeconds;
      const stop = follow(cluster, request, filter, writer, since);
      const timer = setTimeout(() => {
        writer.bookmark(cluster.store.revision());
        response.end();
      }, seconds * 1000);
      response.on('close', () => {
        clearTimeout(timer);
        stop();
      });
    },
  };
}

function follow(
  cluster: Cluster,
  request: ResourceRequest,
  filter: (object: KubeObject) => boolean,
  writer: EventWriter,
  since: string,
): () => void {
  const { store } = cluster;
  const wantsInitial = request.query.get('sendInitialEvents') === 'true';
  const isFresh = since === '' || since === '0' || wantsInitial;
  // Everything up to here is on the disk: the request waited for it.
  const present = store.revision();
  const past = isFresh ? [] : store.changesSince(Number(since));
  if (past === undefined) {
    writer.error(expired(`too old resource version: ${since} (${present})`).body);
    return () => undefined;
  }
  const show = (change: Change) => {
    if (change.resource !== request.resource.key) return;
    if (request.namespace !== undefined && change.object.metadata.namespace !== request.namespace) return;
    const event = visibleEvent(change, filter);
    if (event !== undefined) writer.event(event.type, event.object);
  };
  if (isFresh) {
    const objects = store.list(request.resource.key, request.namespace).filter(filter);
    for (const object of objects) writer.event('ADDED', object);
    if (wantsInitial) writer.bookmark(present, { 'k8s.io/initial-events-end': 'true' });
  }
  for (const change of past) show(change);
  return store.onStored((change) => {
    if (change.revision > present || !isFresh) show(change);
  });
}

/** An object that starts or stops to match the selectors is added or deleted for this watcher. */
function visibleEvent(
  change: Change,
  filter: (object: KubeObject) => boolean,
): Pick<Change, 'type' | 'object'> | undefined {
  const { type, object, previous } = change;
  const before = previous !== undefined && filter(previous);
  if (type === 'DELETED') return before || filter(object) ? { type, object } : undefined;
  const after = filter(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object };
  return before ? { type: 'DELETED', object } : undefined;
}

class EventWriter {
  private readonly response: ServerResponse;
  private readonly request: ResourceRequest;

  constructor(response: ServerResponse, request: ResourceRequest) {
    this.response = response;
    this.request = request;
  }

  event(type: string, object: KubeObject): void {
    const form = formOf(this.request.headers.accept);
    const shown = renderOne(this.request.resource, object, form, this.request.query.get('includeObject'));
    this.send({ type, object: shown });
  }

  /** Tells how far the watcher is, when it asked to be told. */
  bookmark(revision: number, annotations?: Record<string, string>): void {
    if (this.request.query.get('allowWatchBookmarks') !== 'true') return;
    const { resource, headers } = this.request;
    const metadata = { resourceVersion: String(revision), creationTimestamp: null, annotations };
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    const object = { kind: resource.kind, apiVersion, metadata };
    const isTable = formOf(headers.accept) === 'table';
    const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: [], rows: [] };
    this.send({ type: 'BOOKMARK', object: isTable ? table : object });
  }

  error(status: unknown): void {
    this.send({ type: 'ERROR', object: status });
    this.response.end();
  }

  private send(event: unknown): void {
    // A reader that does not read is let go; it can resume by resourceVersion.
    if (this.response.writableLength > mostUnreadBytes) this.response.destroy();
    else this.response.write(`${JSON.stringify(event)}\n`);
  }
}
