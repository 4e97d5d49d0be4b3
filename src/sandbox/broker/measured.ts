import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionKind } from '../../domain/environment.ts';
import { noTelemetry } from '../../domain/ports/telemetry.ts';
import type { SessionState } from './index.ts';

/** Kinds whose addresses may hold what only the operator knows. */
const unnamed: ReadonlySet<ConnectionKind> = new Set(['api', 'mcp', 'http']);

/** Handles a request as a span below its call, and counts what became of it. */
export async function measured(
  { options: { telemetry = noTelemetry } }: SessionState,
  { kind, connection }: { kind: ConnectionKind; connection: string },
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<void>,
): Promise<void> {
  const method = request.method ?? '';
  const path = unnamed.has(kind) ? undefined : request.url?.split('?')[0]?.slice(0, 300);
  const attributes = {
    'http.request.method': method,
    'url.path': path,
    'server.address': connection,
    'reign.connection.kind': kind,
  };
  await telemetry.span({ name: method, kind: 'client', attributes }, async (span) => {
    await work();
    span.set({ 'http.response.status_code': response.statusCode });
    const fault = response.getHeader('x-reign-fault');
    if (typeof fault === 'string') span.fail(fault);
    const refused = fault === 'refused';
    telemetry.count(refused ? 'reign_broker_refusals_total' : 'reign_broker_requests_total', { kind });
  });
}
