import { setTimeout as delay } from 'node:timers/promises';
import { FaultError, fault } from '../domain/fault.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Step } from '../domain/plan.ts';
import type { CallOptions } from '../domain/ports/sandbox.ts';
import { refusalToRun } from './authorise.ts';
import { scopeOf, secretsIn } from './credentials.ts';
import type { WorkerEngine } from './engine.ts';
import type { Held } from './lease.ts';
import type { PlanRecord } from './ports.ts';
import { connectionsFor } from './step-calls.ts';

/** A step reaches its own environment and no other, also while it only looks. */
export function placesOf(step: Step): string[] {
  return step.environment === undefined ? [] : [step.environment];
}

/** What a step's call may do and for how long; writes pass only while the step is this worker's and still approved. */
export function callOptions(
  engine: WorkerEngine,
  step: Step,
  operation: AnyOperation,
  { held, authors, landed }: { held: Held; authors: readonly string[]; landed?: () => void },
  write: boolean,
): CallOptions {
  const connections = connectionsFor(engine, operation, placesOf(step));
  const gate = async () => {
    const record = await readAgain(engine, step.planId, held);
    const current = record?.steps.find(({ id }) => id === step.id);
    if (!record || current?.version !== step.version || current.worker !== engine.worker) {
      return { ok: false as const, fault: fault('stale', 'This step is no longer this worker’s.') };
    }
    await engine.people.renew();
    const refusal = refusalToRun(engine, record);
    return refusal ? { ok: false as const, fault: refusal } : { ok: true as const };
  };
  const rules = write ? operation.egress(step.input) : [];
  const references = secretsIn(operation, step.input);
  const scope = scopeOf(operation.id, step.environment);
  const versions = step.credentials ?? {};
  const secrets = references.length > 0 ? { secrets: { references, versions, scope } } : {};
  const told = landed ? { landed } : {};
  return {
    grant: {
      connections,
      people: authors,
      ...(write ? { write: { rules, gate, step: step.id, holds: held.holds, ...told, ...secrets } } : {}),
    },
    deadline: new Date(engine.clock.now().getTime() + operation.limits.seconds * 1000),
    signal: held.signal,
    // What is stopped must be gone before the grace of the lease is over and others settle the step.
    signalGraceSeconds: engine.limits.leaseGraceSeconds / 2,
    memoryMb: operation.limits.memoryMb,
    stop: operation.stop,
    onProgress: progressNotes(engine, step),
  };
}

/** Waits for Postgres as long as the lease holds: it may be restarting, and the step has not begun to write. */
async function readAgain(engine: WorkerEngine, planId: string, held: Held): Promise<PlanRecord | undefined> {
  for (;;) {
    try {
      return await engine.store.queries.plan(planId);
    } catch {
      if (!held.holds())
        throw new FaultError('unreachable', 'Postgres cannot be reached: nothing was written.');
      await delay(300);
    }
  }
}

/** Shows progress lines, at most one a second; the newest wins. */
function progressNotes(engine: WorkerEngine, step: Step): (line: string) => void {
  let last = 0;
  return (line) => {
    const now = Date.now();
    if (now - last < 1000) return;
    last = now;
    void engine
      .redact(line)
      .then((note) => engine.store.noteStep(step.id, step.version, note.slice(0, 300)))
      .catch(() => {});
  };
}
