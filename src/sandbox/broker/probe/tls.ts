import type { TLSSocket } from 'node:tls';

/** A server's certificate. `daysLeft` is negative once it has run out; `authorized` says whether it is trusted. */
export type TlsView = {
  validTo: string;
  daysLeft: number;
  issuer: string;
  subject: string;
  authorized: boolean;
  error?: string;
};

/** What the server showed; null when it showed no certificate. */
export function viewTls(socket: TLSSocket, now = Date.now()): TlsView | null {
  const certificate = socket.getPeerCertificate();
  if (certificate.valid_to === undefined) return null;
  const end = new Date(certificate.valid_to);
  return {
    validTo: end.toISOString(),
    daysLeft: Math.floor((end.getTime() - now) / 86_400_000),
    issuer: nameOf(certificate.issuer),
    subject: nameOf(certificate.subject),
    authorized: socket.authorized,
    ...(socket.authorizationError ? { error: String(socket.authorizationError) } : {}),
  };
}

function nameOf(name: { CN?: string | string[]; O?: string | string[] } | undefined): string {
  const text = name?.CN ?? name?.O ?? '';
  return Array.isArray(text) ? text.join(', ') : text;
}
