import type { FastifyPluginAsync } from 'fastify';
import type { Person } from '../domain/person.ts';
import type { Webhook } from '../domain/ports/chat-platform.ts';
import type { GatewayEngine } from '../engine/engine.ts';
import type { SessionStore } from '../engine/session-store.ts';

export type ConnectionState = { name: string; state: 'connected' | 'missing' | 'off'; hint: string };

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
  /** Whether Postgres and the queue answer; for /readyz. */
  ready: () => Promise<{ ok: boolean; checks: Record<string, string> }>;
  expose: () => Promise<{ contentType: string; text: string }>;
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
