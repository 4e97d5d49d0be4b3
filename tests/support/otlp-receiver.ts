import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type ReceivedSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  startedAt: number;
  endedAt: number;
  failed: boolean;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
};

export type OtlpReceiver = {
  url: string;
  spans(): ReceivedSpan[];
  /** Requests as they came: path, type of content and headers. */
  requests: { path: string; contentType: string; headers: IncomingMessage['headers']; body: Buffer }[];
  stop(): Promise<void>;
};

type Value = { [kind: string]: unknown; arrayValue?: { values?: Value[] } };
type Attribute = { key: string; value: Value };
type Body = {
  resourceSpans?: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: RawSpan[] }[];
  }[];
};
type RawSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status?: { code?: number };
  attributes?: Attribute[];
  links?: { traceId: string; spanId: string }[];
};

/** An OTLP/HTTP receiver, fed by the real exporter; reads what comes as JSON. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const requests: OtlpReceiver['requests'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { headers, url = '' } = request;
    const raw = Buffer.concat(chunks);
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    requests.push({ path: url, contentType: headers['content-type'] ?? '', headers, body });
    response.writeHead(200, { 'content-type': headers['content-type'] ?? 'application/json' });
    response.end(headers['content-type'] === 'application/json' ? '{}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () =>
      requests
        .filter(({ contentType }) => contentType === 'application/json')
        .flatMap(({ body }) => spansOf(JSON.parse(body.toString()) as Body)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function spansOf({ resourceSpans = [] }: Body): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId = '', links = [], ...span }) => ({
        ...{ name, traceId, spanId, parentSpanId },
        startedAt: Number(BigInt(span.startTimeUnixNano) / 1_000_000n),
        endedAt: Number(BigInt(span.endTimeUnixNano) / 1_000_000n),
        failed: span.status?.code === 2,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes),
        links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
      })),
    ),
  );
}

function plain(attributes: readonly Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: Value): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(readValue);
  const [only] = Object.values(value);
  return typeof only === 'string' && 'intValue' in value ? Number(only) : only;
}
