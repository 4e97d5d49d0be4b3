import type { FastifyPluginAsync } from 'fastify';
import type { Person } from '../domain/person.ts';
import type { Webhook } from '../domain/ports/chat-platform.ts';
import type { Runbook } from '../domain/runbook.ts';
import type { GatewayEngine } from '../engine/engine.ts';
import type { SessionStore } from '../engine/session-store.ts';
import type { OidcSignIn } from './oidc.ts';

export type ConnectionState = { name: string; state: 'connected' | 'missing' | 'off'; hint: string };

/** One line of the page's terminal. `request` calls this API as the person who typed it. */
export type TerminalRun = {
  line: string;
  request(method: string, route: string, body?: unknown): Promise<{ status: number; payload: string }>;
  write(text: string): void;
  signal: AbortSignal;
};

/** What the HTTP face is given. */
export type ApiContext = {
  engine: GatewayEngine;
  sessions: SessionStore;
  /** The command line's token, bound to a person. */
  commandLine: { token: string; person: string };
  mode: 'demo' | 'configured';
  /** Hosts (with port) that may be named in Host and Origin. */
  hosts: () => readonly string[];
  connections: () => readonly ConnectionState[];
  examples: readonly string[];
  /** Sign-in by OpenID Connect; absent where none is configured. */
  oidc?: OidcSignIn;
  /** Whether Postgres and the queue answer; for /readyz. */
  ready: () => Promise<{ ok: boolean; checks: Record<string, string> }>;
  expose: () => Promise<{ contentType: string; text: string }>;
  runbooks: readonly Runbook[];
  /** What is missing or wrong, as `reign doctor` finds it; no secrets are in it. */
  doctor: () => Promise<{ name: string; ok: boolean; says: string }[]>;
  terminal: (run: TerminalRun) => Promise<number>;
  verifyAudit: () => Promise<unknown>;
  exportAudit: () => AsyncIterable<string>;
  /** Tells when a conversation may have changed. @returns how to stop listening. */
  onChange: (listener: (conversationId: string) => void) => () => void;
  /** Where chat platforms send what happens there; each checks the sender itself. */
  webhooks: readonly Webhook[];
  /** Routes of the page. */
  plugins: readonly FastifyPluginAsync[];
};

declare module 'fastify' {
  interface FastifyRequest {
    person: Person;
  }
}
