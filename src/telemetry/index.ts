import { noTelemetry, type Telemetry } from '../domain/ports/telemetry.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type Scope, scopes } from './scope.ts';
import type { Tracing } from './tracing.ts';

export { createLogger } from './logger.ts';
export type { Metrics } from './metrics.ts';
export { type MetricsServer, serveMetrics } from './metrics-server.ts';
export { tracesWanted } from './traces-wanted.ts';

export type OwnTelemetry = Telemetry & Pick<Metrics, 'onAsk' | 'expose'> & { stop(): Promise<void> };

/** What a process measures and tells of its work. `tracing` is absent where nobody wants traces. */
export function createTelemetry(tracing?: Tracing): OwnTelemetry {
  const { count, observe, onAsk, expose } = createMetrics();
  return {
    ...{ count, observe, onAsk, expose },
    traces: tracing !== undefined,
    span: tracing?.span ?? noTelemetry.span,
    place: tracing?.place ?? noTelemetry.place,
    job({ queue, queuedAt, about }, work) {
      const startedAt = new Date();
      observe(
        'reign_queue_wait_seconds',
        { queue },
        Math.max(0, startedAt.getTime() - queuedAt.getTime()) / 1000,
      );
      const scope: Scope = { about: { ...about } };
      if (tracing !== undefined) scope.waited = { queue, queuedAt, startedAt };
      return scopes.run(scope, work);
    },
    about(about) {
      const scope = scopes.getStore();
      if (scope !== undefined) Object.assign(scope.about, about);
    },
    stop: async () => tracing?.stop(),
  };
}
