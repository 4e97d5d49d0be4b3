import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { examples } from './check.examples.ts';
import { errorText, type ProbeAnswer, probe } from './probe.ts';
import { wholeUrl } from './whole-url.ts';

const soonDays = 21;

const checkOutput = z.object({
  healthy: z.boolean(),
  status: z.number().optional(),
  latencyMs: z.number().optional(),
  hops: z.number(),
  tlsDaysLeft: z.number().optional(),
  warnings: z.array(z.string()),
  error: z.string().optional(),
});
type CheckOutput = z.infer<typeof checkOutput>;

export const check = defineOperation({
  ...readParts,
  id: 'monitoring.check',
  version: 1,
  summary: 'Says whether an HTTP address is healthy: status, latency, certificate.',
  request: z.strictObject({ url: z.string().optional() }),
  input: z.strictObject({ url: z.url({ protocol: /^https?$/ }) }),
  output: checkOutput,
  examples,
  connections: ['http'],
  outbound: ['url'],
  async resolve({ url }) {
    if (url === undefined || url.trim() === '') {
      return {
        kind: 'question',
        question: { text: 'Which address shall I check?', field: 'url', options: [] },
      };
    }
    const whole = wholeUrl(url.trim());
    if (whole !== undefined) return { kind: 'input', input: { url: whole } };
    return { kind: 'impossible', reason: `"${url}" is no HTTP address. Try "https://example.com/health".` };
  },
  assess: ({ url }) => ({
    effect: 'read',
    targets: [`http:${new URL(url).host}`],
    objects: 0,
    reasons: [],
  }),
  describe: ({ url }) => ({
    title: `Check ${url}`,
    byHand: `curl -sS -o /dev/null -w '%{http_code}' '${url}'`,
  }),
  execute: async ({ url }, reader) => outcomeOf(await probe(reader, url), reader.now()),
  render: (output, { url }) => ({ kind: 'text', text: textOf(output, url) }),
});

function outcomeOf(answer: ProbeAnswer, now: Date): CheckOutput {
  const { status, latencyMs, hops, tls } = answer;
  const error = errorText(answer);
  const total = typeof latencyMs === 'number' ? latencyMs : latencyMs?.total;
  const days = tls?.daysLeft ?? daysUntil(tls?.validTo, now);
  const warnings: string[] = [];
  if (days !== undefined && days < 0) warnings.push('Its certificate has expired.');
  else if (days !== undefined && days < soonDays) warnings.push(`Its certificate ends in ${days} days.`);
  if (tls?.authorized === false) warnings.push('Its certificate is not trusted.');
  return {
    healthy: error === undefined && typeof status === 'number' && status >= 200 && status < 400,
    ...(typeof status === 'number' ? { status } : {}),
    ...(total === undefined ? {} : { latencyMs: Math.round(total) }),
    hops: hops?.length ?? 0,
    ...(days === undefined ? {} : { tlsDaysLeft: days }),
    warnings,
    ...(error === undefined ? {} : { error }),
  };
}

function daysUntil(validTo: string | undefined, now: Date): number | undefined {
  const end = validTo === undefined ? Number.NaN : Date.parse(validTo);
  return Number.isNaN(end) ? undefined : Math.floor((end - now.getTime()) / 86_400_000);
}

function textOf(
  { healthy, status, latencyMs, hops, tlsDaysLeft, warnings, error }: CheckOutput,
  url: string,
) {
  const facts = [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(latencyMs === undefined ? [] : [`${latencyMs} ms`]),
    ...(hops > 1 ? [`${hops} hops`] : []),
    ...(tlsDaysLeft === undefined ? [] : [`certificate valid for ${tlsDaysLeft} days`]),
    ...(error === undefined ? [] : [error]),
  ];
  const lines = [`${url} is ${healthy ? 'healthy' : 'not healthy'}: ${facts.join(', ')}`];
  return [...lines, ...warnings.map((warning) => `⚠ ${warning}`)].join('\n');
}
