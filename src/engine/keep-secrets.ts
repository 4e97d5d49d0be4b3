import { findEnvironment } from '../domain/environment.ts';
import { FaultError } from '../domain/fault.ts';
import { holdsEverywhere, type Role } from '../domain/person.ts';
import type { KeptSecret, SecretAbout, SecretScope } from '../domain/ports/secrets.ts';
import { aboutAddress, addressForms, parseSecretAddress } from '../domain/secret-address.ts';
import type { GatewayEngine } from './engine.ts';
import type { Transaction } from './ports.ts';

/** A secret as people may see it: never its value. */
export type SecretLine = Omit<KeptSecret, 'sealed'> & { masterKey: string };

type Which = { name: string } & Partial<SecretScope>;

const secretName = /^[A-Za-z0-9][\w.-]{0,62}$/;
const longestValue = 64 * 1024;

/** Seals a value and keeps it, instead of what had this name in this scope before. Admins may. Throws FaultError. */
export async function setSecret(
  engine: GatewayEngine,
  { value, person, ...which }: Which & { value: string; person: string },
): Promise<SecretLine> {
  const scope = checked(engine, which, person);
  if (value === '' || value.length > longestValue)
    throw new FaultError('bad-request', `A secret has 1 to ${longestValue} characters.`);
  return put(engine, scope, person, async (tx, about) => {
    tx.audit('access', 'credential.set', person, about);
    return { sealed: await engine.sealer.seal(value, about), refersTo: null };
  });
}

/**
 * Keeps where a secret lies, instead of a value: a worker reads it there. The address is sealed too, so that nobody who
 * changes rows sends workers elsewhere. Admins may. Throws FaultError.
 */
export async function referToSecret(
  engine: GatewayEngine,
  { to, person, ...which }: Which & { to: string; person: string },
): Promise<SecretLine> {
  const scope = checked(engine, which, person);
  if (parseSecretAddress(to) === undefined)
    throw new FaultError('bad-request', `"${to}" is no address: ${addressForms.join(', ')}.`);
  return put(engine, scope, person, async (tx, about) => {
    tx.audit('access', 'credential.referred', person, { ...about, to });
    return { sealed: await engine.sealer.seal(to, aboutAddress(about)), refersTo: to };
  });
}

async function put(
  engine: GatewayEngine,
  scope: SecretScope & { name: string },
  person: string,
  seal: (tx: Transaction, about: SecretAbout) => Promise<Pick<KeptSecret, 'sealed' | 'refersTo'>>,
): Promise<SecretLine> {
  return engine.store.transaction(async (tx) => {
    const before = await tx.lockSecret(scope);
    const about = { ...scope, version: (before?.version ?? 0) + 1 };
    const { sealed, refersTo } = await seal(tx, about);
    await tx.putSecret({ ...about, sealed, refersTo, setBy: person });
    return { ...about, refersTo, setBy: person, setAt: tx.now, masterKey: sealed.masterKey };
  });
}

/** @throws FaultError `not-found` */
export async function removeSecret(engine: GatewayEngine, { person, ...which }: Which & { person: string }) {
  const scope = checked(engine, which, person);
  await engine.store.transaction(async (tx) => {
    if (!(await tx.removeSecret(scope)))
      throw new FaultError(
        'not-found',
        `No secret "${scope.name}" is kept for ${scope.environment}/${scope.tool}.`,
      );
    tx.audit('access', 'credential.removed', person, scope);
  });
}

/** Names and where they may be used. Leads and admins may look. */
export async function listSecrets(engine: GatewayEngine, person: string): Promise<SecretLine[]> {
  demandRole(engine, person, ['admin', 'lead']);
  const all = await engine.store.queries.secrets();
  return all.map(({ sealed, ...line }) => ({ ...line, masterKey: sealed.masterKey }));
}

/**
 * Makes a new master key where Reign may, and wraps the data keys of everything that is sealed anew: what runs goes on,
 * since the old key still opens what is not yet rewrapped.
 * @returns how many were rewrapped, and how many were left under an old key.
 */
export async function rotateMasterKey(
  engine: GatewayEngine,
  person: string,
): Promise<{ masterKey: string; rewrapped: number; left: number; why?: string }> {
  demandRole(engine, person, ['admin']);
  const masterKey = await engine.sealer.renew().catch((error: unknown) => {
    // Others turn a key from the environment, and some of a key management service.
    if (error instanceof FaultError && error.fault.code === 'unsupported') return engine.sealer.current();
    throw error;
  });
  const done = await engine.store.rewrapSealed(masterKey, engine.sealer.rewrap);
  await engine.store.transaction(async (tx) => {
    const { rewrapped, left } = done;
    tx.audit('access', 'credential.master-key-rotated', person, { masterKey, rewrapped, left });
  });
  return { masterKey, ...done };
}

function checked(engine: GatewayEngine, { name, environment = '*', tool = '*' }: Which, person: string) {
  demandRole(engine, person, ['admin']);
  if (!secretName.test(name))
    throw new FaultError(
      'bad-request',
      `"${name}" is no name: letters, digits, ".", "_" and "-", 63 at most.`,
    );
  const place = environment === '*' ? '*' : findEnvironment(engine.environments, environment)?.name;
  if (place === undefined) {
    const known = engine.environments.map((each) => each.name).join(', ');
    throw new FaultError('not-found', `There is no environment "${environment}"; there are ${known}.`);
  }
  const tools = new Set(engine.catalogue.all.map(({ id }) => id.split('.')[0] ?? ''));
  if (tool !== '*' && !tools.has(tool))
    throw new FaultError('not-found', `There is no tool "${tool}"; there are ${[...tools].join(', ')}.`);
  return { name, environment: place, tool };
}

/** Secrets reach every environment, so a role that is bound to a place does not do. */
function demandRole(engine: GatewayEngine, name: string, wanted: readonly Role[]): void {
  const person = engine.people.find(name);
  if (person && holdsEverywhere(person, wanted)) return;
  const who = wanted.map((role) => `${role}`).join(' or ');
  throw new FaultError('not-allowed', `Secrets are kept by an ${who} (everywhere), and ${name} is none.`);
}
