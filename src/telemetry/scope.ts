import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import type { About } from '../domain/ports/telemetry.ts';

/** What is under way here. `about` grows while it becomes known. */
export type Scope = {
  about: About;
  span?: Span;
  /** The seed of the trace that `span` belongs to. */
  trace?: string;
  /** A wait that no span shows yet. */
  waited?: { queue: string; queuedAt: Date; startedAt: Date };
};

export const scopes = new AsyncLocalStorage<Scope>();

/** The fields that each log line gets from what is under way. */
export function logFields(): object {
  const scope = scopes.getStore();
  if (scope === undefined) return {};
  const context = scope.span?.spanContext();
  return context === undefined
    ? scope.about
    : { ...scope.about, trace_id: context.traceId, span_id: context.spanId };
}
