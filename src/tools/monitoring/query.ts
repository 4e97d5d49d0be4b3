import { z } from 'zod';
import type { Chart } from '../../domain/chart.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { onePlace } from '../../domain/resolve-environment.ts';
import { clip } from '../../domain/text.ts';
import { askJson } from './ask.ts';
import { examples } from './query.examples.ts';
import { shortNumber, sparkline } from './sparkline.ts';

const mostSeries = 20;
const pastSeconds = 3600;
const points = 60;

type Sample = [time: number, value: string];
type Series = { metric: { [label: string]: string }; value?: Sample; values?: Sample[] };
type Answer = { data: { resultType: string; result: Series[] | Sample }; warnings?: string[] };

export const query = defineOperation({
  ...readParts,
  id: 'monitoring.query',
  version: 1,
  summary: 'Evaluates a PromQL expression, now and over the last hour.',
  request: z.strictObject({ query: z.string().optional(), environment: z.string().optional() }),
  input: z.strictObject({
    environment: z.string(),
    connection: z.string(),
    query: z.string().min(1).max(4000),
  }),
  output: z.object({
    series: z.array(
      z.object({ name: z.string(), value: z.string(), past: z.array(z.tuple([z.number(), z.number()])) }),
    ),
    total: z.number(),
    warnings: z.array(z.string()),
  }),
  examples,
  connections: ['prometheus'],
  async resolve({ query, environment }, reader) {
    const expression = query?.trim().replace(/^`+|`+$/g, '') ?? '';
    if (expression === '')
      return {
        kind: 'question',
        question: { text: 'Which PromQL expression?', field: 'query', options: [] },
      };
    const one = onePlace(reader.environments, 'prometheus', environment);
    if (one.kind !== 'place') return one;
    const { id, environment: name } = one.connection;
    return { kind: 'input', input: { environment: name, connection: id, query: expression } };
  },
  assess: ({ environment, connection }) => ({
    effect: 'read',
    targets: [connection],
    environment,
    objects: 0,
    reasons: [],
  }),
  describe: ({ query, environment }) => ({
    title: `Query Prometheus of ${environment}: ${query}`,
    byHand: `promtool query instant http://prometheus:9090 '${query.replaceAll("'", "'\\''")}'`,
  }),
  async execute({ connection, query }, reader) {
    const asked = (path: string, parameters: Parameters) => {
      const text = new URLSearchParams(parameters);
      return askJson<Answer>(reader, connection, { method: 'GET', path: `/api/v1/${path}?${text}` });
    };
    const { data, warnings = [] } = await asked('query', { query });
    if (data.resultType === 'scalar' || data.resultType === 'string') {
      const [, value] = data.result as Sample;
      return { series: [{ name: query, value, past: [] }], total: 1, warnings };
    }
    const now = data.result as Series[];
    const past = data.resultType === 'vector' ? await pastOf(asked, query, reader.now()) : now;
    const series = now.slice(0, mostSeries).map(({ metric, value, values }) => {
      const name = nameOf(metric);
      const before = past.find((each) => nameOf(each.metric) === name)?.values ?? [];
      const last = value?.[1] ?? values?.at(-1)?.[1] ?? '';
      return { name, value: last, past: before.map(toPoint).filter(([, number]) => Number.isFinite(number)) };
    });
    return { series, total: now.length, warnings };
  },
  render({ series, total, warnings }, { query }) {
    if (total === 0) return { kind: 'text', text: `${query} has no value now.` };
    const named = series.map(({ name, ...rest }) => ({ name: name === '' ? query : name, ...rest }));
    const rows = named.map(({ name, value, past }) => {
      const values = past.map(([, number]) => number);
      const [low, high] = [Math.min(...values), Math.max(...values)].map(shortNumber);
      const range = values.length === 0 ? '' : `${low} to ${high}`;
      return [name, shortNumber(Number(value)), sparkline(values), range];
    });
    const some = total > series.length ? `${series.length} of ${total} series. ` : '';
    const note = [`${some}The line is the last hour.`, ...warnings].join(' ');
    const chart = chartOf(query, named);
    return {
      ...{ kind: 'table', columns: ['Series', 'Now', 'Last hour', 'Range'], rows, note },
      ...(chart ? { chart } : {}),
    };
  },
});

type Parameters = { [name: string]: string };
type Ask = (path: string, parameters: Parameters) => Promise<Answer>;

async function pastOf(asked: Ask, query: string, now: Date): Promise<Series[]> {
  const end = Math.floor(now.getTime() / 1000);
  const range = { query, start: `${end - pastSeconds}`, end: `${end}`, step: `${pastSeconds / points}` };
  return (await asked('query_range', range)).data.result as Series[];
}

function toPoint([time, text]: Sample): [number, number] {
  return [time, Number(text)];
}

/** Series that are drawn; more would be a tangle. */
const mostDrawn = 6;

/** What has no past has no picture. */
function chartOf(
  title: string,
  series: readonly { name: string; past: readonly [number, number][] }[],
): Chart | undefined {
  const drawn = series.filter(({ past }) => past.length > 1).slice(0, mostDrawn);
  if (drawn.length === 0) return undefined;
  const shown = drawn.map(({ name, past: points }) => ({ name: clip(name, 200), points }));
  return { kind: 'lines', title: clip(title, 200), unit: '', series: shown };
}

function nameOf({ __name__: name = '', ...labels }: Series['metric']): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return parts.length === 0 ? name : `${name}{${parts.join(', ')}}`;
}
