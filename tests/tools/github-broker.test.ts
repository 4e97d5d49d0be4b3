import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyOperation } from '../../src/domain/operation.ts';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import { baseUrlOf } from '../../src/sandbox/broker/connection-name.ts';
import { type Broker, type BrokerSession, createBroker } from '../../src/sandbox/broker/index.ts';
import { addWorkflow } from '../../src/tools/cicd/add_workflow.ts';
import { commit } from '../../src/tools/github/commit.ts';
import { createBranch } from '../../src/tools/github/create_branch.ts';
import { createPr } from '../../src/tools/github/create_pr.ts';
import { mergePr } from '../../src/tools/github/merge_pr.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { faultOf, inputFor, type TestWriter, testWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/github-broker.test.ts: ${missing}.`);

// The same operations through the broker itself: it holds the token, judges each request, and passes named writes only.
describe.skipIf(missing !== undefined)('GitHub through the broker', () => {
  const connections = ['github:staging/acme'];
  const folder = mkdtempSync(join(tmpdir(), 'reign-github-broker-'));
  let github: TestGithub;
  let broker: Broker;
  let session: BrokerSession;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub();
    const [staging] = github.writer().environments;
    const environments = staging === undefined ? [] : [staging];
    const access = async () => ({
      url: github.url,
      headers: { authorization: 'Bearer test-token' },
      secrets: ['test-token'],
    });
    broker = createBroker({
      ...{ environments, httpAllow: [], logger: silentLogger },
      credentials: { version: () => '1', access },
      openSecret: async () => '',
    });
    const socketPath = join(folder, 'broker.sock');
    session = await broker.open(socketPath);
    const connect = (id: string) => ({ id, environment: 'staging', socketPath, baseUrl: baseUrlOf(id) });
    writer = Object.assign(testWriter(environments, socketPath), { connect });
  });
  afterAll(async () => {
    await session?.close();
    await broker?.close();
    await github?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function looking<Value>(run: () => Promise<Value>): Promise<Value> {
    const end = session.activate({ connections });
    try {
      return await run();
    } finally {
      end();
    }
  }

  async function carriedOut(operation: AnyOperation, request: object) {
    const { input, approved } = await looking(async () => {
      const input = await inputFor(operation, request, writer);
      return { input, approved: await operation.preview(input, writer) };
    });
    const context = { approved, idempotencyKey: `${operation.id}-1` };
    const rules = operation.egress(input);
    const end = session.activate({ connections, write: { rules, gate: async () => ({ ok: true }) } });
    try {
      return { input, context, output: await operation.execute(input, writer, context) };
    } finally {
      end();
    }
  }

  test('a branch, a commit, a pull request and its merge', async () => {
    await carriedOut(createBranch, { repo: 'web', branch: 'feature/one' });
    await carriedOut(commit, { repo: 'web', branch: 'feature/one', path: 'docs/one.md', content: '1\n' });
    const { output } = await carriedOut(createPr, { repo: 'web', head: 'feature/one' });
    const { number } = output as { number: number };
    const { input, context } = await carriedOut(mergePr, { repo: 'web', number });
    expect(await looking(() => mergePr.verify(input as never, writer, context))).toMatchObject({
      state: 'healthy',
    });
    await carriedOut(addWorkflow, { repo: 'web', language: 'go' });
  });

  test('nothing is written while a step only looks, nor outside of what it named', async () => {
    const { input, approved } = await looking(async () => {
      const input = await inputFor(createBranch, { repo: 'web', branch: 'feature/two' }, writer);
      return { input, approved: await createBranch.preview(input, writer) };
    });
    const execute = () => createBranch.execute(input, writer, { approved, idempotencyKey: 'x' });
    expect(await looking(() => faultOf(execute()))).toMatchObject({ code: 'refused' });
    const rules = createBranch.egress({ ...input, repo: 'api' });
    const end = session.activate({ connections, write: { rules, gate: async () => ({ ok: true }) } });
    expect(await faultOf(execute())).toMatchObject({ code: 'refused' });
    end();
  });

  test('a repository of another connection is not even read', async () => {
    const input = await looking(() =>
      inputFor(createBranch, { repo: 'web', branch: 'feature/three' }, writer),
    );
    const elsewhere = { ...input, owner: 'octo', repo: 'tools' };
    expect(await looking(() => faultOf(createBranch.preview(elsewhere, writer)))).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('none of this connection'),
    });
  });
});
