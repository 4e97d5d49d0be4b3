import { imageBehaviour, splitImage } from './images.ts';
import { hash } from './kinds/defaults.ts';
import type { ContainerStatus, Pod } from './types.ts';

export interface LogLine {
  at: number;
  text: string;
}

/** One run of a container: what its log is made from. */
export interface Run {
  seed: string;
  name: string;
  image: string;
  startedAt: number;
  endedAt: number | undefined;
  exitCode: number | undefined;
}

/** The present or previous run of a container; undefined when there is none. */
export function runOf(pod: Pod, status: ContainerStatus, previous: boolean): Run | undefined {
  const { running, terminated } = status.state;
  const last = status.lastState.terminated;
  const ended = previous ? last : (terminated ?? (running === undefined ? last : undefined));
  const startedAt = ended?.startedAt ?? (previous ? undefined : running?.startedAt);
  if (startedAt === undefined) return undefined;
  const number = previous ? status.restartCount - 1 : status.restartCount;
  return {
    seed: `${pod.metadata.uid}/${status.name}/${number}`,
    name: status.name,
    image: status.image,
    startedAt: Date.parse(startedAt),
    endedAt: ended === undefined ? undefined : Date.parse(ended.finishedAt),
    exitCode: ended?.exitCode,
  };
}

/** The lines of a run between two times: the same run always has the same lines. */
export function linesBetween(run: Run, from: number, until: number): LogLine[] {
  const lines = startLines(run);
  const end = Math.min(until, run.endedAt ?? until);
  const first = Math.max(0, Math.floor((from - run.startedAt) / stepMs(run)) - 2);
  const last = Math.floor((end - run.startedAt) / stepMs(run));
  for (let index = first; index <= last; index += 1) lines.push(requestLine(run, index));
  if (run.exitCode !== undefined && run.exitCode !== 0) lines.push(...panicLines(run));
  return lines
    .filter(({ at }) => at >= from && at <= Math.max(end, run.endedAt ?? 0))
    .sort((left, right) => left.at - right.at);
}

/** When the next line after a time is due; undefined when the run is over. */
export function nextLineAt(run: Run, after: number): number | undefined {
  if (run.endedAt !== undefined) return undefined;
  const due = linesBetween(run, after + 1, after + 3 * stepMs(run) + 2000);
  return due[0]?.at;
}

/** Milliseconds between two lines of this run. */
function stepMs(run: Run): number {
  return 900 + (hash(run.seed) % 1800);
}

function startLines({ name, image, startedAt, exitCode }: Run): LogLine[] {
  const { tag } = splitImage(image);
  const lines = [
    { at: startedAt + 12, text: `level=info msg="starting ${name}" version=${tag} cluster=demo` },
    { at: startedAt + 48, text: 'level=info msg="configuration loaded" source=env' },
  ];
  if (exitCode !== undefined && exitCode !== 0) return lines;
  if (exitCode === 0) return [...lines, { at: startedAt + 90, text: `level=info msg="${name} done"` }];
  return [...lines, { at: startedAt + 95, text: 'level=info msg="listening" address=:8080' }];
}

const paths = [
  '/healthz',
  '/api/items',
  '/api/items/42',
  '/api/orders',
  '/api/cart',
  '/metrics',
  '/api/session',
];

function requestLine(run: Run, index: number): LogLine {
  const number = hash(`${run.seed}/${index}`);
  const at = run.startedAt + 200 + index * stepMs(run) + (number % 400);
  const path = paths[number % paths.length];
  if (imageBehaviour(run.image) === 'crashes' || run.exitCode !== undefined) {
    return { at, text: `level=info msg="working" step=${index + 1}` };
  }
  const isSlow = number % 23 === 0;
  const level = isSlow ? 'warn' : 'info';
  const duration = isSlow ? 900 + (number % 600) : 2 + (number % 60);
  return {
    at,
    text: `level=${level} method=GET path=${path} status=200 duration=${duration}ms request=${number.toString(16)}`,
  };
}

function panicLines({ endedAt = 0, name }: Run): LogLine[] {
  return [
    {
      at: endedAt - 3,
      text: `level=error msg="${name} cannot start" error="required setting DATABASE_URL is not set"`,
    },
    { at: endedAt - 1, text: 'level=fatal msg="exiting" code=1' },
  ];
}
