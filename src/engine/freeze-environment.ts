import { findEnvironment } from '../domain/environment.ts';
import { FaultError } from '../domain/fault.ts';
import type { Freeze } from '../domain/freeze.ts';
import { newId } from '../domain/ids.ts';
import { type Person, roleRank, rolesAt } from '../domain/person.ts';
import { demandKnownRoles } from './authorise.ts';
import type { Engine } from './engine.ts';

/** What a namespace may be called; a freeze of anything else would hold nothing. */
const namespace = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export type FreezeRequest = { scope: string; reason: string; until?: Date; person: string };

/** Holds all writes below a scope (`environment[/namespace]`) from now on. Leads there may. Throws FaultError. */
export async function freeze(
  engine: Engine,
  { scope, reason, until, person }: FreezeRequest,
): Promise<Freeze> {
  const place = checkScope(engine, scope, person);
  if (reason.trim() === '') throw new FaultError('bad-request', 'A freeze needs a reason.');
  return engine.store.transaction(async (tx) => {
    if (until && until <= tx.now) throw new FaultError('bad-request', 'The end of a freeze must lie ahead.');
    const made: Freeze = {
      id: newId('f'),
      scope: place,
      reason,
      by: person,
      from: tx.now,
      ...(until ? { until } : {}),
    };
    await tx.insertFreeze(made);
    tx.audit('freezes', 'freeze.begun', person, {
      ...made,
      from: made.from.toISOString(),
      until: until?.toISOString() ?? null,
    });
    return made;
  });
}

/** Ends every freeze of exactly this scope. Leads there may. Throws FaultError `not-found` when there is none. */
export async function unfreeze(engine: Engine, scope: string, person: string): Promise<Freeze[]> {
  demandKnownRoles(engine, person, await engine.people.renew());
  const place = checkScope(engine, scope, person);
  return engine.store.transaction(async (tx) => {
    const ended = await tx.endFreezes(place, person);
    if (ended.length === 0) throw new FaultError('not-found', `${place} is not frozen.`);
    tx.audit('freezes', 'freeze.ended', person, { scope: place, freezes: ended.map(({ id }) => id) });
    tx.afterCommit(() => handOutHeld(engine));
    return ended;
  });
}

/** Steps that were held are handed out again at once; the sweep would, somewhat later. */
async function handOutHeld(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  const due = await engine.store.queries.due({
    now,
    messageAgeMs: 0,
    readyAgeMs: 0,
    leaseGraceMs: 0,
    limit: 1000,
  });
  if (due.steps.length > 0) await engine.queue.steps(due.steps);
}

/** The widest places that a person may freeze (`environment` or `environment/namespace`): leads there may. */
export function mayFreeze({ environments }: Pick<Engine, 'environments'>, person: Person): string[] {
  const whole = environments.map(({ name }) => name).filter((name) => isLeadAt(person, name));
  const parts = person.roles.flatMap(({ scope = '' }) => {
    const [environment = '', below] = scope.split('/');
    const wider = below === undefined || !namespace.test(below) || whole.includes(environment);
    return wider || !isLeadAt(person, scope) ? [] : [scope];
  });
  return [...whole, ...new Set(parts)];
}

function isLeadAt(person: Person, place: string): boolean {
  return rolesAt(person, place).some((role) => roleRank[role] >= roleRank.lead);
}

function checkScope(engine: Engine, scope: string, name: string): string {
  const [word = '', ...below] = scope.split('/');
  const environment = findEnvironment(engine.environments, word);
  if (!environment) {
    const known = engine.environments.map((known) => known.name).join(', ');
    throw new FaultError('not-found', `There is no environment "${word}"; there are ${known}.`);
  }
  if (below.length > 1 || below.some((name) => !namespace.test(name))) {
    throw new FaultError(
      'bad-request',
      `"${scope}" is no scope: write environment or environment/namespace.`,
    );
  }
  const place = [environment.name, ...below].join('/');
  const person = engine.people.find(name);
  if (!person || !isLeadAt(person, place)) {
    throw new FaultError('not-allowed', `A freeze of ${place} needs a lead there, and ${name} is none.`);
  }
  return place;
}
