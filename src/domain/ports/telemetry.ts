import type { CounterName, Labels, MeasureName } from '../metrics.ts';

/** What log lines and spans are about: ids, never names or texts. */
export type About = { message?: string; plan?: string; step?: string };

export type Attributes = {
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
};

/** A span that other spans point to: that of a message, a plan or a decision, in the trace of `trace`. */
export type SpanLink = { trace: string; id: string };

export type SpanOptions = {
  name: string;
  kind?: 'internal' | 'client' | 'consumer';
  attributes?: Attributes;
  /**
   * The message (or the plan that no message asked for) whose trace it belongs to. Every process knows the ids of a
   * trace from this alone, so nothing has to be handed on, and a lost worker breaks no trace. Absent: below what is
   * under way, and nothing where that is not traced.
   */
  trace?: string;
  /** What its own id is made from, where others link to it; equal to `trace` for the first span of all. */
  id?: string;
  links?: readonly SpanLink[];
  /** When it began, where that was before now. */
  since?: Date;
};

export interface Span {
  set(attributes: Attributes): void;
  /** Marks it as failed; `code` is one of few, never a text. */
  fail(code: string): void;
}

/** Where a step's process stands in a trace, to be handed over to it. */
export type Place = {
  /** W3C's `traceparent`. */
  traceparent: string;
  /** Adds a span below, as the step's process has reported it. */
  report(span: { name: string; startedAt: number; endedAt: number }): void;
};

/** Spans, measurements, and what log lines are about. Nothing of it may ever stop the work. */
export interface Telemetry {
  /** Whether spans are recorded: what is only needed for them is not looked up otherwise. */
  readonly traces: boolean;
  /** Runs work as a span; a fault that it throws marks the span as failed. */
  span<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** Runs a job; how long it waited becomes a span of the first trace that the job turns out to belong to. */
  job<T>(job: { queue: string; queuedAt: Date; about: About }, work: () => Promise<T>): Promise<T>;
  /** Says what is under way; every log line of it carries that from now on. */
  about(about: About): void;
  /** Where a process that is called now stands; undefined when nothing is traced. */
  place(): Place | undefined;
  count<Name extends CounterName>(name: Name, labels: Labels<Name>, by?: number): void;
  /** Seconds, unless the table of metrics says otherwise. */
  observe<Name extends MeasureName>(name: Name, labels: Labels<Name>, value: number): void;
}

const silentSpan: Span = { set() {}, fail() {} };

export const noTelemetry: Telemetry = {
  traces: false,
  span: (_options, work) => work(silentSpan),
  job: (_job, work) => work(),
  about() {},
  place: () => undefined,
  count() {},
  observe() {},
};
