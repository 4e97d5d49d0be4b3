import type { IncomingHttpHeaders } from 'node:http';

/** What a step may say to a server. Credentials, impersonation, cookies and hop-by-hop headers are not in the list. */
const passedIn = [
  'accept',
  'accept-encoding',
  'content-type',
  'user-agent',
  'if-match',
  'if-none-match',
  'range',
  'x-github-api-version',
  'mcp-session-id',
  'mcp-protocol-version',
];

/** What a server may say to a step. */
const passedOut = [
  'age',
  'api-version',
  'audit-id',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'docker-experimental',
  'etag',
  'last-modified',
  'mcp-session-id',
  'ostype',
  'retry-after',
  'server',
  'vary',
  'warning',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

export type PlainHeaders = Record<string, string | string[]>;

/** The headers for the server: the listed ones from inside, then the credential's own. */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  credential: Readonly<PlainHeaders> | undefined,
): PlainHeaders {
  return { ...pick(headers, passedIn), ...credential };
}

export function responseHeaders(headers: IncomingHttpHeaders): PlainHeaders {
  return pick(headers, passedOut);
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): PlainHeaders {
  const picked: PlainHeaders = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
