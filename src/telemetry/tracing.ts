import { setTimeout as delay } from 'node:timers/promises';
import {
  type Attributes as ApiAttributes,
  type Span as ApiSpan,
  type Context,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import { toFault } from '../domain/fault.ts';
import type { Attributes, Place, Span, SpanOptions, Telemetry } from '../domain/ports/telemetry.ts';
import { createProvider, type ExporterOptions } from './exporter.ts';
import { type Scope, scopes } from './scope.ts';
import { spanIdOf, traceIdOf } from './trace-ids.ts';

export type Tracing = Pick<Telemetry, 'span' | 'place'> & {
  /** Sends what is still to be sent. */
  stop(): Promise<void>;
};

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER } as const;

/** Spans of OpenTelemetry. Loaded only where traces are wanted. */
export async function startTracing(options: ExporterOptions): Promise<Tracing> {
  const ids = chosenIds();
  const provider = await createProvider(options, ids.generator);
  const tracer = provider.getTracer('reign', options.resource['service.version']);
  return {
    async span(options, work) {
      const around = scopes.getStore();
      const begun = begin(tracer, ids, around, options);
      if (begun === undefined) return work(nothing);
      const { span, below } = begun;
      try {
        return await scopes.run(below, () => work(handle(span)));
      } catch (error) {
        fail(span, toFault(error).code);
        throw error;
      } finally {
        span.end();
      }
    },
    place: () => placeOf(tracer, scopes.getStore()?.span),
    async stop() {
      // A receiver that is away must not hold up a stop.
      const late = delay(longestStopMs, undefined, { ref: false });
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

const longestStopMs = 5_000;

const nothing: Span = { set() {}, fail() {} };

type Ids = ReturnType<typeof chosenIds>;

/** Random ids, but for spans that others link to. */
function chosenIds() {
  const random = new RandomIdGenerator();
  let chosen: { traceId: string; spanId: string } | undefined;
  return {
    generator: {
      generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
      generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    },
    /** What `work` starts gets these ids; it must start one span, at once. */
    with<T>(ids: { traceId: string; spanId: string }, work: () => T): T {
      chosen = ids;
      try {
        return work();
      } finally {
        chosen = undefined;
      }
    },
  };
}

function begin(
  tracer: Tracer,
  ids: Ids,
  around: Scope | undefined,
  { name, kind = 'internal', attributes = {}, trace: seed, id, links = [], since }: SpanOptions,
): { span: ApiSpan; below: Scope } | undefined {
  const inside = around?.span !== undefined && (seed === undefined || around.trace === seed);
  const tracing = seed ?? around?.trace;
  if (tracing === undefined || (!inside && seed === undefined)) return undefined;
  const isRoot = id !== undefined && id === seed;
  const parent =
    inside && around?.span ? trace.setSpan(ROOT_CONTEXT, around.span) : rootOf(tracer, ids, tracing);
  const options = {
    kind: kinds[kind],
    attributes: known(attributes),
    links: links.map((each): Link => ({ context: contextAt(each.trace, each.id) })),
    ...(since === undefined ? {} : { startTime: since }),
  };
  showWait(tracer, around, parent);
  const start = () => tracer.startSpan(name, options, isRoot ? ROOT_CONTEXT : parent);
  const span =
    id === undefined
      ? start()
      : ids.with({ traceId: traceIdOf(tracing), spanId: spanIdOf(tracing, id) }, start);
  return { span, below: { about: around?.about ?? {}, span, trace: tracing } };
}

/**
 * The first span of a trace, as any process knows it without having seen it. Whether it is sampled, the sampler says
 * from the trace's id alone.
 */
function rootOf(tracer: Tracer, ids: Ids, seed: string): Context {
  const own = { traceId: traceIdOf(seed), spanId: spanIdOf(seed, seed) };
  const probe = ids.with(own, () => tracer.startSpan('probe', {}, ROOT_CONTEXT));
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...own,
    traceFlags: probe.spanContext().traceFlags,
    isRemote: true,
  });
}

function contextAt(seed: string, id: string) {
  return { traceId: traceIdOf(seed), spanId: spanIdOf(seed, id), traceFlags: 1, isRemote: true };
}

/** The wait of a job is a span beside the work, in the first trace that the work belongs to. */
function showWait(tracer: Tracer, around: Scope | undefined, parent: Context): void {
  const waited = around?.waited;
  if (around === undefined || waited === undefined) return;
  delete around.waited;
  const attributes = { 'messaging.system': 'redis', 'messaging.destination.name': waited.queue };
  const options = { kind: SpanKind.INTERNAL, attributes, startTime: waited.queuedAt };
  tracer.startSpan(`wait in ${waited.queue}`, options, parent).end(waited.startedAt);
}

function handle(span: ApiSpan): Span {
  return {
    set: (attributes) => void span.setAttributes(known(attributes)),
    fail: (code) => fail(span, code),
  };
}

function fail(span: ApiSpan, code: string): void {
  span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
}

function known(attributes: Attributes): ApiAttributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined),
  ) as ApiAttributes;
}

function placeOf(tracer: Tracer, span: ApiSpan | undefined): Place | undefined {
  if (span === undefined || !span.isRecording()) return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  const here = trace.setSpan(ROOT_CONTEXT, span);
  return {
    traceparent: `00-${traceId}-${spanId}-0${traceFlags}`,
    report: ({ name, startedAt, endedAt }) =>
      tracer.startSpan(name, { startTime: startedAt }, here).end(endedAt),
  };
}
