import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export type Metrics = {
  messages: Counter;
  requests: Histogram<'route' | 'status'>;
  /** Prometheus text. */
  expose(): Promise<{ contentType: string; text: string }>;
};

/** A registry of its own for each process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'reign_' });
  return {
    messages: new Counter({
      name: 'reign_messages_total',
      help: 'Messages stored, without repeated deliveries.',
      registers: [registry],
    }),
    requests: new Histogram({
      name: 'reign_http_request_seconds',
      help: 'Seconds from request to answer.',
      labelNames: ['route', 'status'] as const,
      buckets: [0.005, 0.02, 0.1, 0.5, 2],
      registers: [registry],
    }),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
