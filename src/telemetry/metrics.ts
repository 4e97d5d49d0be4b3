import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricInfo, type MetricName, metricTable, type Sample } from '../domain/metrics.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';

export type Metrics = Pick<Telemetry, 'count' | 'observe'> & {
  /** Looks up gauges each time somebody asks; what cannot be had is left out. */
  onAsk(look: () => Promise<readonly Sample[]>): void;
  /** Prometheus text. */
  expose(): Promise<{ contentType: string; text: string }>;
};

/** How long one look may hold up an answer, in milliseconds. */
const patienceMs = 5_000;

/** A registry of its own for each process. What is measured is what the table names. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  for (const [name, info] of Object.entries<MetricInfo>(metricTable)) {
    const { kind, help, labels, values = [], buckets = [] } = info;
    const about = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === 'counter') counters.set(name, beginAtZero(new Counter(about), labels[0], values));
    else if (kind === 'gauge') gauges.set(name, new Gauge(about));
    else histograms.set(name, new Histogram({ ...about, buckets: [...buckets] }));
  }
  const looks: (() => Promise<readonly Sample[]>)[] = [];
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc({ ...labels }, by),
    observe: (name, labels, value) => histograms.get(name)?.observe({ ...labels }, value),
    onAsk: (look) => looks.push(look),
    async expose() {
      const found = await Promise.all(looks.map(inTime));
      for (const [name, gauge] of gauges) show(gauge, name as MetricName, found.flat());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** An alert on an increase would miss the first one of a series that was not there before. */
function beginAtZero(counter: Counter, label: string | undefined, values: readonly string[]): Counter {
  if (label !== undefined) for (const value of values) counter.inc({ [label]: value }, 0);
  return counter;
}

/** A gauge that could not be looked up is not there, which is not the same as 0. */
function show(gauge: Gauge, name: MetricName, samples: readonly Sample[]): void {
  if (metricTable[name].labels.length > 0) gauge.reset();
  else gauge.remove();
  for (const sample of samples) if (sample.name === name) gauge.set({ ...sample.labels }, sample.value);
}

async function inTime(look: () => Promise<readonly Sample[]>): Promise<readonly Sample[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Sample[]>((resolve) => {
    timer = setTimeout(resolve, patienceMs, []);
  });
  return Promise.race([look().catch(() => []), late]).finally(() => clearTimeout(timer));
}
