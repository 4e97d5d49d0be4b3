import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Sandbox, StepPhase } from '../../src/domain/ports/sandbox.ts';
import { stepCode } from '../../src/main/package-root.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { createTerraformStates } from '../../src/store/terraform-states.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { createMasterKeys } from '../../src/vault/master-keys.ts';
import { createSealer } from '../../src/vault/seal.ts';
import { hasBubblewrap } from '../sandbox/support/engine.ts';
import { cloneDatabase, type TestDatabase } from '../support/database.ts';
import { missingForTerraform } from './support/terraform-bed.ts';

const missing = hasBubblewrap() ? missingForTerraform() : 'bubblewrap is not installed';
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-sandbox.test.ts: ${missing}.`);

const connection = 'terraform:lab/net';

describe.skipIf(missing !== undefined)('Terraform inside the sandbox', () => {
  let folder: string;
  let database: TestDatabase;
  let pool: pg.Pool;
  let sandbox: Sandbox;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'reign-tf-'));
    mkdirSync(join(folder, 'net'));
    writeFileSync(join(folder, 'net/main.tf'), 'resource "terraform_data" "a" { input = "v" }\n');
    database = await cloneDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    const view = { id: connection, kind: 'terraform' as const, environment: 'lab', name: 'net', demo: false };
    const terraform = { path: 'net', workspace: 'default', state: 'reign' as const };
    sandbox = await createSandbox({
      ...stepCode,
      ...{
        workRoot: join(folder, 'work'),
        httpAllow: [],
        logger: silentLogger,
        isolation: 'required',
        poolSize: 1,
      },
      environments: [
        { name: 'lab', tier: 'nonproduction', aliases: [], connections: [{ ...view, terraform }] },
      ],
      credentials: {
        access: async () => ({ url: '', folder: join(folder, 'net'), secrets: [] }),
        version: () => '1',
      },
      terraform: createTerraformStates(pool, createSealer(createMasterKeys({ file: join(folder, 'key') }))),
      redact: (text) => text,
    });
  });
  afterAll(async () => {
    await sandbox?.close();
    await pool?.end();
    await database?.drop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('plans, applies and verifies without network, credentials or state outside of Postgres', async () => {
    const session = await sandbox.open({ planId: 'p-1', profile: 'tool' });
    const call = async (phase: StepPhase, args: object, write = false) => {
      const rules = apply.egress({ connection } as never);
      const gate = async () => ({ ok: true as const });
      const reply = await session.call(
        { operation: 'terraform.apply', phase, args: args as never },
        {
          grant: { connections: [connection], ...(write ? { write: { rules, gate, step: 's-1' } } : {}) },
          ...{ deadline: new Date(Date.now() + 60_000), memoryMb: apply.limits.memoryMb, stop: apply.stop },
        },
      );
      if (!reply.ok) throw new Error(reply.fault.message);
      return reply.value as never;
    };
    const { input } = await call('resolve', { request: { path: 'net' } });
    const approved = await call('preview', { input });
    expect(approved).toMatchObject({ kind: 'dry-run', summary: '1 created' });
    const context = { input, approved, idempotencyKey: 's-1' };
    const output = await call('execute', context, true);
    expect(output).toMatchObject({ added: 1, serial: 1, errors: [] });
    expect(await call('landed', context)).toBe('yes');
    expect(await call('verify', { ...context, output })).toMatchObject({ state: 'healthy' });
    await session.close();
  });
});
