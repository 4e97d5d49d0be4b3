import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import type pg from 'pg';
import { connectQueue } from '../../jobs/queues.ts';
import { alwaysInReach } from '../../jobs/reach.ts';
import { consumeSteps } from '../../jobs/steps.ts';
import { newId, newPlanId } from '../../src/domain/ids.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import { silentLogger, systemClock } from '../../src/domain/ports/runtime.ts';
import { noTelemetry } from '../../src/domain/ports/telemetry.ts';
import { gradeRisk } from '../../src/domain/risk.ts';
import { decide } from '../../src/engine/decide.ts';
import { defaultLimits, type GatewayEngine, type WorkerEngine } from '../../src/engine/engine.ts';
import { previewPlan } from '../../src/engine/preview-plan.ts';
import { loadPolicy, memoisePolicy, readPolicyFiles } from '../../src/policy/index.ts';
import { createPool } from '../../src/store/pool.ts';
import { createStore } from '../../src/store/store.ts';
import { createCatalogue, tools } from '../../src/tools/registry.ts';
import { loadSigningKey } from '../../src/vault/keys.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createRedactor } from '../../src/vault/redact.ts';
import { createSealer } from '../../src/vault/seal.ts';

export type Setup = { databaseUrl: string; redisUrl: string; dataDir: string };

const stepsInPlan = 10;

/**
 * Steps a second: plans of ten no-op steps that run in the worker process, concurrency 10, each with its previews,
 * signed approval, locks, claims, audit and queue. All steps wait in the queue when the clock starts.
 */
export async function stepsPerSecond(
  setup: Setup,
  steps: number,
): Promise<{ perSecond: number; pool: pg.Pool }> {
  const { worker, gateway, pools, queue } = await engines(setup);
  const plans = await approvedPlans(gateway, worker, steps / stepsInPlan);
  const started = performance.now();
  const consumer = consumeSteps(worker, { redis: { url: setup.redisUrl }, reach: alwaysInReach }, 10);
  await allEnded(pools.worker, plans);
  const seconds = (performance.now() - started) / 1000;
  await consumer.drain(5_000);
  await queue.close();
  await pools.gateway.end();
  return { perSecond: steps / seconds, pool: pools.worker };
}

/** The same with worker processes of their own: what a second and a fourth one add. */
export async function stepsPerSecondOf(workers: number, setup: Setup, steps: number): Promise<number> {
  const { worker, gateway, pools, queue } = await engines(setup);
  const plans = await approvedPlans(gateway, worker, steps / stepsInPlan);
  const processes = await Promise.all(Array.from({ length: workers }, () => workerProcess(setup)));
  const started = performance.now();
  for (const each of processes) each.send('go');
  await allEnded(pools.worker, plans);
  const seconds = (performance.now() - started) / 1000;
  for (const each of processes) each.disconnect();
  await Promise.all(processes.map((each) => once(each, 'exit')));
  await queue.close();
  await Promise.all([pools.gateway.end(), pools.worker.end()]);
  return steps / seconds;
}

async function workerProcess(setup: Setup): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'bench-worker.js'), [JSON.stringify(setup)]);
  await once(child, 'message');
  return child;
}

/** The engines of a gateway and a worker over the bench's services. */
export async function engines(setup: Setup) {
  const key = await loadSigningKey(`${setup.dataDir}/keys`);
  const queue = connectQueue({ url: setup.redisUrl });
  const pools = {
    gateway: createPool(setup.databaseUrl, 'gateway', 10),
    worker: createPool(setup.databaseUrl, 'worker', 10),
  };
  const people = [
    { name: 'you', roles: [{ role: 'operator' as const }], principals: [] },
    { name: 'bob', roles: [{ role: 'lead' as const }], principals: [] },
  ];
  const options = { clock: systemClock, logger: silentLogger };
  const base = {
    queue: queue.queue,
    policy: memoisePolicy(loadPolicy({ files: readPolicyFiles(['default']) })),
    catalogue: createCatalogue(tools),
    environments: [],
    followsUp: false,
    people: {
      find: (name: string) => people.find((person) => person.name === name),
      all: () => people,
      renew: async () => undefined,
    },
    clock: systemClock,
    logger: silentLogger,
    telemetry: noTelemetry,
    verifier: key,
    limits: defaultLimits,
  };
  const redactor = createRedactor({ values: () => [] });
  const worker: WorkerEngine = {
    ...base,
    store: createStore(pools.worker, options),
    worker: 'bench',
    credentialVersion: () => '',
    sandbox: undefined as never,
    modelHosts: [],
    stopping: new AbortController().signal,
    sealer: createSealer(createMasterKeys({ variable: randomBytes(32).toString('base64'), file: '' })),
    renewSecrets: async () => undefined,
    redact: async (value) => (await redactor.redactJson(value as never)) as typeof value,
    conceal: async (value) => (await redactor.redactJson(value as never)) as typeof value,
  };
  const gateway: GatewayEngine = {
    ...base,
    store: createStore(pools.gateway, options),
    signer: key,
    sealer: undefined as never,
    mask: async (text) => text,
    onCall: async () => [],
    planner: undefined as never,
  };
  return { worker, gateway, pools, queue };
}

async function approvedPlans(gateway: GatewayEngine, worker: WorkerEngine, count: number): Promise<string[]> {
  const ids: string[] = [];
  const conversationId = newId('c');
  await gateway.store.transaction((tx) =>
    tx.insertConversation({
      id: conversationId,
      title: 'bench',
      createdBy: 'you',
      context: {},
      contextAuthors: [],
    }),
  );
  const makers = Array.from({ length: 10 }, async () => {
    while (ids.length < count) {
      const id = newPlanId();
      ids.push(id);
      await gateway.store.transaction((tx) =>
        tx.insertPlan(draftPlan(gateway, id, conversationId), noops(gateway, id)),
      );
      await previewPlan(worker, id);
      await decide(gateway, { planId: id, revision: 1, person: 'bob', verdict: 'approve', via: 'command' });
    }
  });
  await Promise.all(makers);
  return ids;
}

function draftPlan(gateway: GatewayEngine, id: string, conversationId: string): Plan {
  return {
    id,
    conversationId,
    goal: 'Ten steps that do nothing',
    state: 'drafted',
    version: 1,
    revision: 1,
    requester: 'you',
    authors: ['you'],
    onFailure: 'stop',
    digest: '',
    approval: { kind: 'none', reason: '' },
    policyHash: gateway.policy.hash,
    cancelRequested: false,
    createdAt: new Date(),
  };
}

function noops(gateway: GatewayEngine, planId: string): Step[] {
  const operation = gateway.catalogue.find('reign.noop');
  if (!operation) throw new Error('reign.noop is missing');
  return Array.from({ length: stepsInPlan }, (_, position): Step => {
    const input = operation.input.parse({ key: `${planId}-${position}`, milliseconds: 0, fail: false });
    const assessment = operation.assess(input);
    return {
      id: newId('s'),
      planId,
      key: `step-${position}`,
      position,
      operation: operation.id,
      operationVersion: operation.version,
      mode: 'do',
      request: {},
      input: input as never,
      needs: [],
      state: 'planned',
      version: 1,
      tier: 'production',
      targets: assessment.targets,
      risk: gradeRisk(assessment, 'production'),
      undoKind: operation.undo.kind,
      title: operation.describe(input).title,
      attempts: 0,
    };
  });
}

async function allEnded(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ state: string; n: number }>(
      'select state, count(*)::int as n from plans where id = any($1) group by state',
      [ids],
    );
    const wrong = rows.find(({ state }) => state !== 'running' && state !== 'succeeded');
    if (wrong) throw new Error(`${wrong.n} plans are ${wrong.state}`);
    if (rows.length === 1 && rows[0]?.state === 'succeeded') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
