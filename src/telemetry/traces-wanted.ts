type Env = Readonly<Record<string, string | undefined>>;

/** Whether the configuration or OpenTelemetry's own variables name a receiver of traces. */
export function tracesWanted(endpoint: string | undefined, env: Env): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  if (env['OTEL_TRACES_EXPORTER'] === 'none') return false;
  return Boolean(endpoint || env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}
