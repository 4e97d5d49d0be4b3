import { createServer } from 'node:http';
import { FaultError } from '../domain/fault.ts';
import type { Metrics } from './metrics.ts';

export type MetricsServer = { url: string; stop(): Promise<void> };

/** Serves /metrics and nothing else, for processes that serve no page. Throws FaultError `conflict` where it cannot listen. */
export async function serveMetrics(
  { expose }: Pick<Metrics, 'expose'>,
  { host, port }: { host: string; port: number },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    expose()
      .then(({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text))
      .catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((error: Error) => {
    const hint = 'Set telemetry.metrics.port to another (REIGN_TELEMETRY_METRICS_PORT).';
    throw new FaultError(
      'conflict',
      `Metrics cannot be served at ${host}:${port}: ${error.message}. ${hint}`,
    );
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
