import { readFile } from 'node:fs/promises';
import { FaultError } from '../../domain/fault.ts';
import { type Ask, type Asked, createAsk, fieldOf, textOf } from './ask.ts';

/** A HashiCorp Vault and how a worker signs in to it. Secrets of it are references: `env:NAME` or `file:PATH`. */
export type VaultServer = {
  /** As references name it: host, or host and port. */
  host: string;
  url: string;
  namespace?: string;
  /** Path of a PEM file. */
  ca?: string;
  login: { token: string } | { appRole: { id: string; secret: string; mount: string } };
};

export type VaultClient = {
  /** Paths begin behind `/v1/`. Answers of 2xx to 4xx come back; else throws FaultError `unreachable`. */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<Asked>;
};

type Session = { token: string; until: number };

/** Calls one Vault, signed in; a token of an AppRole is kept in memory for most of its life. */
export function createVaultClient(
  server: VaultServer,
  openSecret: (reference: string) => Promise<string>,
  keep: (secret: string) => void = () => undefined,
): VaultClient {
  const who = `Vault ${server.host}`;
  let ask: Ask | undefined;
  let session: Promise<Session> | undefined;
  const send = async (method: 'GET' | 'POST', path: string, body: object | undefined, token?: string) => {
    ask ??= createAsk(who, server.ca === undefined ? {} : { ca: await readCa(server.ca) });
    const answer = await ask({
      url: `${server.url.replace(/\/+$/, '')}/v1/${path}`,
      method,
      headers: {
        'x-vault-request': 'true',
        ...(token === undefined ? {} : { 'x-vault-token': token }),
        ...(server.namespace === undefined ? {} : { 'x-vault-namespace': server.namespace }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status < 500 && answer.status !== 429) return answer;
    throw new FaultError('unreachable', `${who} answered ${answer.status}${saidIn(answer.body)}.`);
  };
  const signIn = async (): Promise<Session> => {
    const { login } = server;
    if ('token' in login) return { token: await openSecret(login.token), until: 0 };
    const { id, secret, mount } = login.appRole;
    const body = { role_id: id, secret_id: await openSecret(secret) };
    const answer = await send('POST', `auth/${mount}/login`, body);
    if (answer.status !== 200)
      throw new FaultError(
        'not-allowed',
        `${who} refuses the AppRole ${id}${saidIn(answer.body)}: give it a new secret id.`,
      );
    const seconds = Number(fieldOf(answer.body, 'auth', 'lease_duration') ?? 0);
    const token = textOf(who, answer.body, 'auth', 'client_token');
    keep(token);
    return { token, until: Date.now() + seconds * 800 };
  };
  const token = async () => {
    const now = await session?.catch(() => undefined);
    if (now !== undefined && now.until > Date.now()) return now.token;
    session = signIn();
    return (await session).token;
  };
  return {
    async call(method, path, body) {
      const answer = await send(method, path, body, await token());
      if (answer.status !== 403 || 'token' in server.login) return answer;
      // The token may have been revoked before its time.
      session = undefined;
      return send(method, path, body, await token());
    },
  };
}

/** What Vault said was wrong, as the end of a sentence. */
export function saidIn(body: unknown): string {
  const errors = fieldOf(body, 'errors');
  const said = Array.isArray(errors) ? errors.filter((each) => typeof each === 'string') : [];
  return said.length === 0 ? '' : ` (${said.join('; ').trim().replace(/\s+/g, ' ').slice(0, 200)})`;
}

async function readCa(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new FaultError('unreachable', `The certificate ${file} cannot be read: ${error.code}.`);
  });
}
