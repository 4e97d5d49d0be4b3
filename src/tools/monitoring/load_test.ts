import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Chart } from '../../domain/chart.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { EnvironmentView } from '../../domain/environment.ts';
import { FaultError } from '../../domain/fault.ts';
import { isOwnHost, type LoadTest, loadTestPath, mostLoad } from '../../domain/load-test.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Writer } from '../../domain/ports/reader.ts';
import { clip } from '../../domain/text.ts';
import { ask, open } from './ask.ts';
import { examples } from './load_test.examples.ts';
import { probeConnection } from './probe.ts';
import { wholeUrl } from './whole-url.ts';

const usual = { connections: 10, seconds: 10 };

const loadInput = z.strictObject({
  environment: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  connections: z.number().int().min(1).max(mostLoad.connections),
  seconds: z.number().int().min(1).max(mostLoad.seconds),
});

const loadOutput = z.object({
  requests: z.number(),
  perSecond: z.number(),
  refused: z.number(),
  failed: z.number(),
  latency: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
  bytesPerSecond: z.number(),
});
type LoadOutput = z.infer<typeof loadOutput>;

export const loadTest = defineOperation({
  id: 'monitoring.load_test',
  version: 1,
  summary: 'Sends GET requests to an own address for a while, and tells how many were answered and how fast.',
  request: z.strictObject({
    url: z.string().optional(),
    connections: z.number().optional(),
    duration: z.string().optional(),
  }),
  input: loadInput,
  output: loadOutput,
  effect: 'update',
  repeat: 'safe',
  previews: 'described',
  examples,
  connections: ['http'],
  outbound: ['url'],
  reports: true,
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  limits: { seconds: mostLoad.seconds + 60, memoryMb: 256 },
  undo: { kind: 'irreversible', reason: 'requests that were sent stay sent' },
  async resolve({ url, connections = usual.connections, duration }, reader) {
    if (url === undefined || url.trim() === '')
      return {
        kind: 'question',
        question: { text: 'Which address shall take the load?', field: 'url', options: [] },
      };
    const whole = wholeUrl(url.trim());
    if (whole === undefined) return { kind: 'impossible', reason: `"${url}" is no HTTP address.` };
    const environment = ownerOf(whole, reader.environments);
    if (environment === undefined) return { kind: 'impossible', reason: notOwn(whole) };
    const seconds = duration === undefined ? usual.seconds : secondsOf(duration);
    const input = loadInput.safeParse({ environment, url: whole, connections, seconds });
    if (input.success) return { kind: 'input', input: input.data };
    const reason = `A load test takes 1 to ${mostLoad.connections} connections, for 1 s to ${mostLoad.seconds} s (e.g. 30s).`;
    return { kind: 'impossible', reason };
  },
  assess: ({ environment, url, connections, seconds }) => ({
    effect: 'update',
    targets: [`http:${new URL(url).host}`],
    environment,
    objects: 1,
    reasons: [`sends load over ${connections} connections for ${seconds} s`],
  }),
  describe: ({ url, connections, seconds }) => ({
    title: `Load-test ${url} over ${connections} connections for ${seconds} s`,
    byHand: `npx autocannon -c ${connections} -d ${seconds} '${url}'`,
  }),
  async preview(input, reader) {
    const { status, text } = await ask(reader, probeConnection, { method: 'GET', path: loadTestPath(input) });
    if (status >= 400) throw refusal(text, status);
    return {
      ...{ kind: 'described', before: null, after: { ...input }, fingerprint: { ...input } },
      summary: `${input.connections} connections for ${input.seconds} s`,
      ...{ warnings: [], raises: [], server: new URL(input.url).host },
    };
  },
  egress: (input) => [{ connection: probeConnection, method: 'POST', path: loadTestPath(input) }],
  async execute(input, writer) {
    const result = await follow(input, writer);
    if (result.requests > 0) return result;
    throw new FaultError('unreachable', `${input.url} answered none of ${result.failed} requests.`);
  },
  landed: async () => 'no',
  verify: async () => ({ state: 'healthy', evidence: 'The load has ended.' }),
  render: (output, input) => ({ kind: 'text', text: textOf(output, input), chart: chartOf(output, input) }),
});

/** A bare number is seconds, as autocannon has it. */
function secondsOf(duration: string): number | undefined {
  return /^\d+$/.test(duration.trim()) ? Number(duration) : parseDuration(duration);
}

function ownerOf(url: string, environments: readonly EnvironmentView[]): string | undefined {
  return environments.find(({ hosts = [] }) => isOwnHost(new URL(url), hosts))?.name;
}

function notOwn(url: string): string {
  const { host } = new URL(url);
  return `${host} is not among the own hosts of an environment: load is sent to those alone. Add it under \`hosts\` of its environment in reign.yaml.`;
}

/** Tells each second, and resolves with the last line's result. */
async function follow(input: LoadTest, writer: Writer): Promise<LoadOutput> {
  const milliseconds = (input.seconds + 30) * 1000;
  const asked = { method: 'POST', path: loadTestPath(input), milliseconds };
  const answer = await open(writer, probeConnection, asked);
  let last = '';
  for await (const line of createInterface({ input: answer })) {
    last = line;
    const { second } = parse(line) as { second?: number };
    if (second !== undefined) writer.report(`${second} of ${input.seconds} s`);
  }
  const { result } = parse(last) as { result?: unknown };
  const parsed = loadOutput.safeParse(result);
  if (parsed.success) return parsed.data;
  throw refusal(last, answer.statusCode ?? 0);
}

function parse(line: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    return {};
  }
}

function refusal(text: string, status: number): FaultError {
  const { message = `the load test ended early (${status})` } = parse(text) as { message?: string };
  return new FaultError('refused', message);
}

function chartOf({ latency }: LoadOutput, { url }: LoadTest): Chart {
  const bars = Object.entries(latency).map(([name, value]) => ({ name, value }));
  return { kind: 'bars', title: clip(`Latency of ${url}`, 200), unit: 'ms', bars };
}

function textOf({ requests, perSecond, refused, failed, latency }: LoadOutput, { url, seconds }: LoadTest) {
  const share = (count: number) => ((count / Math.max(1, requests + failed)) * 100).toFixed(1);
  const bad =
    refused + failed === 0
      ? 'All were answered well.'
      : `⚠ ${refused} (${share(refused)} %) were answered with an error, ${failed} (${share(failed)} %) not at all.`;
  const longest = Math.max(1, latency.max);
  const bars = Object.entries(latency).map(([name, milliseconds]) => {
    const bar = '█'.repeat(Math.max(1, Math.round((milliseconds / longest) * 24)));
    return `${name.padEnd(4)}${bar} ${milliseconds} ms`;
  });
  return [
    `${url}: ${requests} requests in ${seconds} s, ${perSecond} a second. ${bad}`,
    'Latency:',
    ...bars,
  ].join('\n');
}
