import type { ServerResponse } from 'node:http';
import type { Cluster } from '../cluster.ts';
import { badRequest } from '../failure.ts';
import { type LogLine, linesBetween, nextLineAt, type Run, runOf } from '../logs.ts';
import type { ContainerStatus, Pod } from '../types.ts';
import { liveObject } from './read.ts';
import type { Answer, ResourceRequest } from './request.ts';

const mostLines = 10_000;

/** GET of a pod's log, with the options of `kubectl logs`. */
export function podLog(cluster: Cluster, request: ResourceRequest): Answer {
  const pod = liveObject(cluster, request) as Pod;
  const { query } = request;
  const status = chooseContainer(pod, query.get('container'));
  const run = findRun(pod, status, query.get('previous') === 'true');
  const now = Date.now();
  const chosen = lastLines(linesBetween(run, startTime(run, query, now), now), tailLines(query));
  const withTime = query.get('timestamps') === 'true';
  const headers = { 'content-type': 'text/plain' };
  const follows = query.get('follow') === 'true' && run.endedAt === undefined;
  if (!follows) return { kind: 'text', code: 200, body: limited(write(chosen, withTime), query), headers };
  return {
    kind: 'stream',
    start(response) {
      response.writeHead(200, headers);
      response.flushHeaders();
      response.write(write(chosen, withTime));
      followRun(cluster, request, run, status.name, response, now, withTime);
    },
  };
}

/** Writes each new line when it is due, until the reader leaves or the container ends. */
function followRun(
  cluster: Cluster,
  request: ResourceRequest,
  run: Run,
  container: string,
  response: ServerResponse,
  from: number,
  withTime: boolean,
): void {
  let last = from;
  let timer: NodeJS.Timeout | undefined;
  const stopWatching = cluster.store.onStored(({ resource, object, type }) => {
    const isIt = resource === request.resource.key && object.metadata.name === request.name;
    if (!isIt || object.metadata.namespace !== request.namespace) return;
    const state = (object as Pod).status?.containerStatuses?.find((each) => each.name === container)?.state;
    if (type === 'DELETED' || state?.running === undefined) response.end();
  });
  const arm = () => {
    const due = nextLineAt(run, last);
    if (due === undefined) return response.end();
    timer = setTimeout(
      () => {
        const now = Date.now();
        response.write(write(linesBetween(run, last + 1, now), withTime));
        last = now;
        arm();
      },
      Math.max(1, due - Date.now()),
    );
  };
  response.on('close', () => {
    clearTimeout(timer);
    stopWatching();
  });
  arm();
}

function chooseContainer(pod: Pod, wanted: string | null): ContainerStatus {
  const names = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((each) => each.name);
  const { name } = pod.metadata;
  const fallback = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const chosen = wanted || fallback || (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`,
    );
  }
  if (!names.includes(chosen)) throw badRequest(`container ${chosen} is not valid for pod ${name}`);
  const status = pod.status?.containerStatuses?.find((each) => each.name === chosen);
  if (status === undefined) throw notStarted(chosen, name, 'ContainerCreating');
  return status;
}

function findRun(pod: Pod, status: ContainerStatus, previous: boolean): Run {
  const run = runOf(pod, status, previous);
  if (run !== undefined) return run;
  const { name } = pod.metadata;
  if (previous) throw badRequest(`previous terminated container "${status.name}" in pod "${name}" not found`);
  const reason = status.state.waiting?.reason ?? 'ContainerCreating';
  const isPull = reason === 'ErrImagePull' || reason === 'ImagePullBackOff';
  throw notStarted(status.name, name, isPull ? 'trying and failing to pull image' : reason);
}

function notStarted(container: string, pod: string, why: string): Error {
  return badRequest(`container "${container}" in pod "${pod}" is waiting to start: ${why}`);
}

function startTime(run: Run, query: URLSearchParams, now: number): number {
  const seconds = query.get('sinceSeconds');
  const time = query.get('sinceTime');
  if (seconds !== null && time !== null)
    throw badRequest('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (seconds !== null) return now - positive('sinceSeconds', seconds) * 1000;
  if (time === null) return run.startedAt;
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw badRequest(`parsing time ${JSON.stringify(time)}: cannot parse as RFC 3339`);
  return at;
}

function tailLines(query: URLSearchParams): number {
  const tail = query.get('tailLines');
  return tail === null ? mostLines : Math.min(mostLines, positive('tailLines', tail, 0));
}

function positive(name: string, value: string, least = 1): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw badRequest(`${name}: Invalid value: ${value}: must be greater than or equal to ${least}`);
}

function lastLines(lines: LogLine[], count: number): LogLine[] {
  return count === 0 ? [] : lines.slice(-count);
}

function write(lines: LogLine[], withTime: boolean): string {
  return lines
    .map(({ at, text }) => {
      const time = new Date(at).toISOString().replace('Z', '000000Z');
      return `${withTime ? `${time} ` : ''}time=${new Date(at).toISOString()} ${text}\n`;
    })
    .join('');
}

function limited(text: string, query: URLSearchParams): string {
  const limit = query.get('limitBytes');
  return limit === null
    ? text
    : Buffer.from(text).subarray(0, positive('limitBytes', limit)).toString('utf8');
}
