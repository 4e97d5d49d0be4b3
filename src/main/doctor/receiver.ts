import type { Config } from '../../config/index.ts';
import { tracesWanted } from '../../telemetry/index.ts';
import { type Check, wrong } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where traces go: whether something takes OTLP over HTTP there. */
export async function checkReceiver({ telemetry }: Config, env: Env, check: Check): Promise<void> {
  if (!tracesWanted(telemetry.endpoint, env)) return;
  await check('traces', () => receiver(telemetry.endpoint, env));
}

async function receiver(endpoint: string | undefined, env: Env): Promise<string> {
  const base = endpoint ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const own = endpoint === undefined ? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] : undefined;
  const url = own ?? `${base?.replace(/\/+$/, '')}/v1/traces`;
  if (!URL.canParse(url)) throw wrong(`${url} is no address.`, 'Write it as in http://otel-collector:4318.');
  const setting =
    'Set telemetry.traces.endpoint (or OTEL_EXPORTER_OTLP_ENDPOINT) to an OTLP/HTTP receiver, usually at port 4318.';
  const headers = { 'content-type': 'application/json', ...headersFrom(env) };
  const request = {
    method: 'POST',
    headers,
    body: '{"resourceSpans":[]}',
    signal: AbortSignal.timeout(5_000),
  };
  const response = await fetch(url, request).catch((error: Error & { cause?: { code?: string } }) => {
    throw wrong(`${url} does not answer: ${error.cause?.code ?? error.message}.`, setting);
  });
  if (response.ok) return `${url} takes spans`;
  if (response.status === 401 || response.status === 403)
    throw wrong(
      `${url} refuses us (${response.status}).`,
      'Put its key into OTEL_EXPORTER_OTLP_HEADERS (name=value).',
    );
  throw wrong(`${url} answers ${response.status}.`, setting);
}

/** `name=value,other=value`, as OpenTelemetry reads it. */
function headersFrom(env: Env): Record<string, string> {
  const text = env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '';
  const pairs = text.split(',').map((pair) => pair.split('='));
  return Object.fromEntries(
    pairs.flatMap(([name = '', ...value]) =>
      name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())]],
    ),
  );
}
