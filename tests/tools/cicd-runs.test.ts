import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import { approveDeployment } from '../../src/tools/cicd/approve_deployment.ts';
import { cancel } from '../../src/tools/cicd/cancel.ts';
import { dispatch } from '../../src/tools/cicd/dispatch.ts';
import { rerun } from '../../src/tools/cicd/rerun.ts';
import { status } from '../../src/tools/cicd/status.ts';
import { type ActedActions, actActions } from './support/github-actions.ts';
import { missingForGithub, startGithub, type TestGithub } from './support/github-engine.ts';
import { carryOut, faultOf, inputFor, type TestWriter } from './support/writer.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/cicd-runs.test.ts: ${missing}.`);

const byHand = 'name: nightly\non:\n  workflow_dispatch:\n';
const needs = 'on:\n  workflow_dispatch:\n    inputs:\n      where: { required: true }\n';

// Runs are acted by a server of the tests' own (see there): real GitHub was not reached.
describe.skipIf(missing !== undefined)('runs of workflows', () => {
  let github: TestGithub;
  let actions: ActedActions;
  let writer: TestWriter;

  beforeAll(async () => {
    github = await startGithub(async (url) => {
      actions = await actActions(url);
      return actions;
    });
    await github.change('web', 'main', {
      '.github/workflows/nightly.yml': byHand,
      '.github/workflows/ci.yml': 'on: [push]\n',
      '.github/workflows/deploy.yml': needs,
    });
    const file = (id: number, name: string) => ({
      id,
      name,
      path: `.github/workflows/${name}.yml`,
      state: 'active',
    });
    actions.workflows.push(file(1, 'ci'), file(2, 'nightly'), file(3, 'deploy'));
  });
  beforeEach(() => {
    actions.runs.length = 0;
    Object.assign(actions, { conclusion: 'success', pace: 50, moveTo: undefined });
    writer = Object.assign(github.writer(), { sleep: (milliseconds: number) => delay(milliseconds / 20) });
  });
  afterAll(() => github?.close());

  describe('status', () => {
    test('lists runs, newest first, and says what failed last', async () => {
      actions.add({ conclusion: 'success' });
      actions.add({ conclusion: 'failure', head_branch: 'dev', name: 'nightly', workflow_id: 2 });
      actions.add({ status: 'in_progress', conclusion: null });
      const input = await inputFor(status, { repo: 'web' }, writer);
      const output = await status.execute(input, writer, { approved: undefined, idempotencyKey: 'r' });
      expect(output.runs.map(({ state }) => state)).toEqual(['in progress', 'failure', 'success']);
      expect(status.render(output, input)).toMatchObject({
        note: expect.stringMatching(/^1 of 2 finished runs succeeded\. Last failure: nightly on dev/),
      });
    });

    test('of one workflow, by file, name or near name', async () => {
      actions.add({ workflow_id: 1 });
      actions.add({ workflow_id: 2 });
      for (const workflow of ['nightly', 'nightly.yml', '2']) {
        const input = await inputFor(status, { repo: 'web', workflow }, writer);
        expect(input.workflow).toEqual({ id: 2, file: 'nightly.yml' });
        const { runs } = await status.execute(input, writer, { approved: undefined, idempotencyKey: 'r' });
        expect(runs).toHaveLength(1);
      }
      expect(await status.resolve({ repo: 'web', workflow: 'nigtly' }, writer)).toMatchObject({
        question: { options: [{ patch: { workflow: 'nightly.yml' } }] },
      });
    });
  });

  describe('dispatch', () => {
    test('starts a workflow, follows the run with progress, and knows its end', async () => {
      const asked = { repo: 'web', workflow: 'nightly' };
      const done = await carryOut(dispatch, asked, writer, 'd-1');
      expect(done.input).toMatchObject({ ref: 'main', workflow: { id: 2 } });
      expect(done.approved.after).toMatchObject({ content: byHand });
      expect(done.output.run).toBe(1000);
      const context = { ...done.context, output: done.output };
      expect(await dispatch.verify(done.input, writer, context)).toMatchObject({
        state: 'healthy',
        evidence: expect.stringContaining('Run 1000 ended: success'),
      });
      expect(writer.reports.at(-1)).toBe('run 1000 is success: 1 of 1 jobs done');
      expect(await dispatch.landed(done.input, writer, done.context)).toBe('yes');
    });

    test('only the named request is made; previews are equal; nothing runs before', async () => {
      const input = await inputFor(dispatch, { repo: 'web', workflow: 'nightly.yml', ref: 'main' }, writer);
      const approved = await dispatch.preview(input, writer);
      expect(canonicalJson(await dispatch.preview(input, writer))).toBe(canonicalJson(approved));
      const context = { approved, idempotencyKey: 'd-2' };
      expect(await dispatch.landed(input, writer, context)).toBe('no');
      const sent = await github.writes(dispatch, input, () => dispatch.execute(input, writer, context));
      expect(sent).toEqual(['POST /repos/acme/web/actions/workflows/2/dispatches']);
    });

    test('a run that fails is told with its step', async () => {
      actions.conclusion = 'failure';
      const done = await carryOut(dispatch, { repo: 'web', workflow: 'nightly' }, writer, 'd-3');
      const verdict = await dispatch.verify(done.input, writer, { ...done.context, output: done.output });
      expect(verdict.state).toBe('failed');
      expect(verdict.evidence).toContain('build: failure at “npm test”');
    });

    test('a branch that moved on is refused; a run of other code is cancelled', async () => {
      const input = await inputFor(dispatch, { repo: 'web', workflow: 'nightly' }, writer);
      const approved = await dispatch.preview(input, writer);
      actions.moveTo = 'f'.repeat(40);
      actions.pace = 60_000;
      const context = { approved, idempotencyKey: 'd-4' };
      const output = await dispatch.execute(input, writer, context);
      expect(actions.runs[0]).toMatchObject({ conclusion: 'cancelled' });
      expect(await dispatch.verify(input, writer, { ...context, output })).toMatchObject({
        state: 'failed',
        evidence: expect.stringContaining('nobody approved'),
      });
      await github.change('web', 'main', { 'b.txt': 'b\n' });
      expect(await faultOf(dispatch.execute(input, writer, context))).toMatchObject({
        code: 'world-changed',
      });
    });

    test('somebody else’s run in the same moment leaves it unclear', async () => {
      const input = await inputFor(dispatch, { repo: 'web', workflow: 'nightly' }, writer);
      const approved = await dispatch.preview(input, writer);
      const { commit: head_sha } = input;
      const own = { workflow_id: 2, event: 'workflow_dispatch', head_sha };
      actions.add({ ...own, actor: { login: 'bob' } });
      expect(await dispatch.landed(input, writer, { approved, idempotencyKey: 'd-5' })).toBe('unclear');
    });

    test('what can’t be started by hand is refused with its reason', async () => {
      const why = async (workflow: string, ref?: string) => {
        const resolution = await dispatch.resolve({ repo: 'web', workflow, ...(ref ? { ref } : {}) }, writer);
        return resolution.kind === 'impossible' ? resolution.reason : resolution.kind;
      };
      expect(await why('ci')).toContain('workflow_dispatch');
      expect(await why('deploy')).toContain('where');
      expect(await why('nightly', 'nowhere')).toContain('no branch or tag called nowhere');
      expect(await dispatch.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: { field: 'workflow' },
      });
      const nightly = actions.workflows.find(({ id }) => id === 2);
      Object.assign(nightly ?? {}, { state: 'disabled_manually' });
      expect(await why('nightly')).toContain('switched off');
      Object.assign(nightly ?? {}, { state: 'active' });
    });
  });

  describe('rerun', () => {
    test('runs the failed jobs again and follows them', async () => {
      actions.add({ conclusion: 'failure' });
      const input = await inputFor(rerun, { repo: 'web', run: 1000 }, writer);
      expect(input).toMatchObject({ failedOnly: true });
      const approved = await rerun.preview(input, writer);
      expect(approved.summary).toBe('attempt 1 failure → attempt 2');
      expect(canonicalJson(await rerun.preview(input, writer))).toBe(canonicalJson(approved));
      const context = { approved, idempotencyKey: 'r-1' };
      expect(await rerun.landed(input, writer, context)).toBe('no');
      const sent = await github.writes(rerun, input, () => rerun.execute(input, writer, context));
      expect(sent).toEqual(['POST /repos/acme/web/actions/runs/1000/rerun-failed-jobs']);
      expect(await rerun.landed(input, writer, context)).toBe('yes');
      expect(await rerun.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await faultOf(rerun.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
    });

    test('one that fails again is told; one that runs, or is not there, is refused', async () => {
      actions.add({ conclusion: 'failure' });
      actions.conclusion = 'failure';
      const done = await carryOut(rerun, { repo: 'web', run: 1000 }, writer, 'r-2');
      expect(await rerun.verify(done.input, writer, done.context)).toMatchObject({ state: 'failed' });
      actions.add({ status: 'in_progress', conclusion: null });
      expect(await rerun.resolve({ repo: 'web', run: 1001 }, writer)).toMatchObject({ kind: 'impossible' });
      expect(await rerun.resolve({ repo: 'web', run: 7 }, writer)).toMatchObject({
        question: { text: expect.stringContaining('no run 7'), options: [{ patch: { run: 1000 } }] },
      });
    });
  });

  describe('approve_deployment', () => {
    const waiting = { status: 'waiting', conclusion: null };
    const gate = (id: number, name: string, mayApprove = true) => ({ id, name, mayApprove });

    test('lets a run past its gate and follows it to the next one, then to its end', async () => {
      actions.add({ ...waiting, gates: [gate(7, 'staging'), gate(8, 'production')] });
      const asked = { repo: 'web', run: 1000 };
      expect(await approveDeployment.resolve(asked, writer)).toMatchObject({
        question: { options: [{ patch: { gate: 'staging' } }, { patch: { gate: 'production' } }] },
      });
      const input = await inputFor(approveDeployment, { ...asked, gate: 'Staging' }, writer);
      const approved = await approveDeployment.preview(input, writer);
      expect(canonicalJson(await approveDeployment.preview(input, writer))).toBe(canonicalJson(approved));
      const context = { approved, idempotencyKey: 'a-1' };
      expect(await approveDeployment.landed(input, writer, context)).toBe('no');
      const make = () => approveDeployment.execute(input, writer, context);
      expect(await github.writes(approveDeployment, input, make)).toEqual([
        'POST /repos/acme/web/actions/runs/1000/pending_deployments',
      ]);
      expect(await approveDeployment.landed(input, writer, context)).toBe('yes');
      expect(await approveDeployment.verify(input, writer, context)).toMatchObject({
        state: 'healthy',
        evidence: expect.stringContaining('waits for an approval'),
      });
      expect(await faultOf(make())).toMatchObject({ code: 'world-changed' });
      const next = await carryOut(approveDeployment, asked, writer, 'a-2');
      expect(next.input).toMatchObject({ gate: { name: 'production' } });
      expect(await approveDeployment.verify(next.input, writer, next.context)).toMatchObject({
        state: 'healthy',
        evidence: expect.stringContaining('ended: success'),
      });
    });

    test('a gate that is not the token’s, and a run that waits at none, are refused', async () => {
      actions.add({ ...waiting, gates: [gate(7, 'production', false)] });
      actions.add({});
      expect(await approveDeployment.resolve({ repo: 'web', run: 1000 }, writer)).toMatchObject({
        kind: 'impossible',
        reason: expect.stringContaining('no reviewer'),
      });
      expect(await approveDeployment.resolve({ repo: 'web', run: 1001 }, writer)).toMatchObject({
        kind: 'impossible',
      });
      expect(await approveDeployment.resolve({ repo: 'web' }, writer)).toMatchObject({
        question: { field: 'run', options: [{ patch: { run: 1000 } }] },
      });
    });

    test('one that stays at its gate has failed', async () => {
      const run = actions.add({ ...waiting, gates: [gate(7, 'production')] });
      const done = await carryOut(approveDeployment, { repo: 'web', run: 1000 }, writer, 'a-3');
      Object.assign(run, { ...waiting, gates: [gate(7, 'production')] });
      expect(await approveDeployment.verify(done.input, writer, done.context)).toMatchObject({
        state: 'failed',
      });
    });
  });

  describe('cancel', () => {
    test('stops a run that is going on', async () => {
      actions.add({ status: 'in_progress', conclusion: null });
      const input = await inputFor(cancel, { repo: 'web', run: 1000 }, writer);
      const approved = await cancel.preview(input, writer);
      expect(canonicalJson(await cancel.preview(input, writer))).toBe(canonicalJson(approved));
      const context = { approved, idempotencyKey: 'c-1' };
      expect(await cancel.landed(input, writer, context)).toBe('unclear');
      const sent = await github.writes(cancel, input, () => cancel.execute(input, writer, context));
      expect(sent).toEqual(['POST /repos/acme/web/actions/runs/1000/cancel']);
      expect(await cancel.landed(input, writer, context)).toBe('yes');
      expect(await cancel.verify(input, writer, context)).toMatchObject({ state: 'healthy' });
      expect(await cancel.resolve({ repo: 'web', run: 1000 }, writer)).toMatchObject({ kind: 'impossible' });
    });

    test('one that ended since is left alone, and told', async () => {
      const run = actions.add({ status: 'in_progress', conclusion: null });
      const input = await inputFor(cancel, { repo: 'web', run: run.id }, writer);
      const approved = await cancel.preview(input, writer);
      Object.assign(run, { status: 'completed', conclusion: 'success' });
      const context = { approved, idempotencyKey: 'c-2' };
      expect(await faultOf(cancel.execute(input, writer, context))).toMatchObject({ code: 'world-changed' });
      expect(await cancel.landed(input, writer, context)).toBe('no');
      expect(await cancel.verify(input, writer, context)).toMatchObject({ state: 'failed' });
      expect(await cancel.resolve({ repo: 'web' }, writer)).toMatchObject({ kind: 'impossible' });
    });
  });
});
