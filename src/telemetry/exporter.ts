import { DiagLogLevel, diag } from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { FaultError } from '../domain/fault.ts';
import type { Logger } from '../domain/ports/runtime.ts';

export type ExporterOptions = {
  /** The base address of an OTLP/HTTP receiver; absent: as the OTEL_ variables say. */
  endpoint?: string;
  env: Readonly<Record<string, string | undefined>>;
  resource: Readonly<Record<string, string>>;
  logger: Logger;
};

/**
 * A provider of tracers that sends spans to an OTLP receiver in the background. Sampler, limits, batches, headers,
 * time-outs, certificates and resource attributes are read from OpenTelemetry's own variables.
 */
export async function createProvider(
  { endpoint, env, resource, logger }: ExporterOptions,
  idGenerator: IdGenerator,
): Promise<BasicTracerProvider> {
  const say = (level: 'warn' | 'error') => (text: string) =>
    logger[level]({ from: 'opentelemetry' }, text.slice(0, 500));
  const quiet = { info() {}, debug() {}, verbose() {} };
  diag.setLogger({ ...quiet, warn: say('warn'), error: say('error') }, DiagLogLevel.WARN);
  const base = endpoint?.replace(/\/+$/, '');
  const exporter = await exporterFor(env, base === undefined ? {} : { url: `${base}/v1/traces` });
  return new BasicTracerProvider({
    idGenerator,
    // What the variables say wins over what Reign knows of itself.
    resource: defaultResource()
      .merge(resourceFromAttributes(resource))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
}

async function exporterFor(env: ExporterOptions['env'], address: { url?: string }): Promise<SpanExporter> {
  const protocol =
    env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL'] || 'http/protobuf';
  switch (protocol) {
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter(address);
    case 'http/json':
      return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter(address);
    default:
      throw new FaultError(
        'unsupported',
        `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}: Reign speaks http/protobuf and http/json. Most receivers take both at port 4318.`,
      );
  }
}
