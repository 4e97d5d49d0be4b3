import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import type { ExecuteContext } from '../../src/domain/operation.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import {
  carriedOut,
  executed,
  missingForTerraform,
  openTerraformBed,
  previewed,
  resolved,
  type TerraformBed,
} from './support/terraform-bed.ts';
import { faultOf } from './support/writer.ts';

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-apply.test.ts: ${missing}.`);

const names = [
  'fresh',
  'grown',
  'moved',
  'twice',
  'stale',
  'faked',
  'held',
  'half',
  'slow',
  'noisy',
  'lost',
  'killed',
];

describe.skipIf(missing !== undefined)('terraform.apply', () => {
  let bed: TerraformBed;

  beforeAll(async () => {
    bed = await openTerraformBed(names);
  });
  afterAll(() => bed?.close());
  const one = (input: string) => ({ 'main.tf': `resource "terraform_data" "one" { input = "${input}" }` });
  const approvedFor = async (name: string, key: string) => {
    const input = await resolved(bed, apply, { path: name });
    const context: ExecuteContext = { approved: await previewed(bed, apply, input), idempotencyKey: key };
    return { input, context };
  };

  test('applies the approved plan, keeps the state sealed, and finds nothing left', async () => {
    bed.write('fresh', one('topsecret'));
    const { input, approved, output, verification } = await carriedOut(bed, apply, { path: 'fresh' }, 's-1');
    expect(input).toMatchObject({ creates: 1, updates: 0, replaces: [], destroys: [] });
    expect(approved).toMatchObject({ kind: 'dry-run', summary: '1 created', warnings: [], raises: [] });
    expect(apply.assess(input)).toMatchObject({
      effect: 'create',
      targets: ['tf:staging/fresh'],
      objects: 1,
    });
    expect(output).toEqual({ added: 1, changed: 0, destroyed: 0, serial: 1, errors: [] });
    expect(verification).toMatchObject({ state: 'healthy' });
    expect(bed.reports.join('\n')).toContain('Creation complete');
    const { rows } = await bed.pool.query('select to_jsonb(s)::text as state from terraform_states s');
    expect(rows[0].state).not.toContain('topsecret');
    expect(await bed.states.read(bed.id('fresh'))).toContain('topsecret');
    const again = await bed.look((reader) => apply.resolve({ path: 'fresh' }, reader));
    expect(again).toMatchObject({ kind: 'impossible', reason: expect.stringContaining('nothing to apply') });
  });

  test('what is replaced and destroyed is graded as a deletion from the input alone', async () => {
    bed.write('grown', {
      'main.tf': `resource "terraform_data" "database" { triggers_replace = ["a"] }
      resource "terraform_data" "gone" {}`,
    });
    await carriedOut(bed, apply, { path: 'grown' }, 's-2');
    bed.write('grown', { 'main.tf': 'resource "terraform_data" "database" { triggers_replace = ["b"] }' });
    const { input, context } = await approvedFor('grown', 's-3');
    expect(apply.assess(input)).toMatchObject({
      effect: 'delete',
      objects: 2,
      targets: [
        'tf:staging/grown',
        'tf:staging/grown/terraform_data.gone',
        'tf:staging/grown/terraform_data.database',
      ],
    });
    expect(context.approved?.summary).toBe('1 destroyed, 1 replaced');
    expect(context.approved?.warnings).toEqual([
      'destroys terraform_data.gone: it is no longer in the configuration',
      'replaces terraform_data.database: it cannot be changed in place: triggers_replace',
    ]);
    expect(apply.describe(input).title).toContain('1 to destroy, 1 to replace');
    expect(await executed(bed, apply, input, context)).toMatchObject({ added: 1, destroyed: 2 });
  });

  test('two previews of an unchanged world are equal to the byte, and keep one plan file', async () => {
    bed.write('twice', one('a'));
    const { input, context } = await approvedFor('twice', 's-4');
    await delay(1100);
    expect(canonicalJson(await previewed(bed, apply, input))).toBe(canonicalJson(context.approved));
    const { rows } = await bed.pool.query('select from terraform_plans where connection = $1', [
      bed.id('twice'),
    ]);
    expect(rows).toHaveLength(1);
  });

  test('nothing is applied when the files have changed since the approval', async () => {
    bed.write('moved', one('a'));
    const { input, context } = await approvedFor('moved', 's-5');
    bed.write('moved', one('b'));
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('files were changed'),
    });
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('no');
    bed.write('moved', { 'more.tf': 'resource "terraform_data" "two" {}' });
    await expect(previewed(bed, apply, input)).rejects.toThrow(/another one than when this was asked for/);
    expect(await bed.states.about(bed.id('moved'))).toMatchObject({ serial: null, lockedBy: null });
  });

  test('nothing is applied when the state has changed since the approval', async () => {
    bed.write('stale', one('a'));
    const { input, context } = await approvedFor('stale', 's-6');
    await carriedOut(bed, apply, { path: 'stale' }, 's-7');
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({ code: 'world-changed', message: expect.stringContaining('state') });
    expect((await bed.states.about(bed.id('stale'))).writtenBy).toBe('s-7');
  });

  test('another plan file than the approved one is refused', async () => {
    bed.write('faked', one('a'));
    const { input, context } = await approvedFor('faked', 's-8');
    const other = await bed.states.keepPlan(bed.id('faked'), 'f'.repeat(64), Buffer.from('another'));
    const approved = context.approved && {
      ...context.approved,
      fingerprint: { ...(context.approved.fingerprint as object), file: other.sha256 },
    };
    await expect(executed(bed, apply, input, { ...context, approved })).rejects.toThrow();
    await bed.pool.query('delete from terraform_plans where connection = $1', [bed.id('faked')]);
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('not kept any more'),
    });
    expect(await bed.states.about(bed.id('faked'))).toMatchObject({ serial: null, lockedBy: null });
  });

  test('a state that is locked is left alone, and it is said by whom', async () => {
    bed.write('held', one('a'));
    const { input, context } = await approvedFor('held', 's-9');
    const lock = { id: 'l-1', step: 's-other', operation: 'OperationTypeApply', info: '{"ID":"l-1"}' };
    await bed.states.lock(bed.id('held'), lock);
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/s-other, for apply, since 20/),
    });
    expect(await faultOf(previewed(bed, apply, input))).toMatchObject({ code: 'locked' });
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('no');
    await bed.states.unlock(bed.id('held'), lock);
    expect(await executed(bed, apply, input, context)).toMatchObject({ added: 1 });
  });

  test('an apply that fails half-way says what went wrong and what is left', async () => {
    bed.write('half', {
      'main.tf': `resource "terraform_data" "good" {}
      resource "terraform_data" "bad" {
        depends_on = [terraform_data.good]
        provisioner "local-exec" { command = "echo no disk left >&2; exit 3" }
      }`,
    });
    const { approved, output, verification, context, input } = await carriedOut(
      bed,
      apply,
      { path: 'half' },
      's-10',
    );
    expect(approved.raises).toMatchObject([
      { level: 'high', reason: expect.stringContaining('provisioners') },
    ]);
    expect(output.errors.join()).toContain('exit status 3');
    expect(verification).toMatchObject({ state: 'failed', evidence: expect.stringContaining('1 replaced') });
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('yes');
    const lost = await bed.look((reader) => apply.verify(input, reader, context));
    expect(lost).toMatchObject({ state: 'failed' });
  });

  test('one that does nothing fails as Terraform says, and has not landed', async () => {
    bed.write('lost', {
      'main.tf': `resource "terraform_data" "a" {
        input = "x"
        lifecycle {
          postcondition {
            condition     = self.output == "y"
            error_message = "It must be y."
          }
        }
      }`,
    });
    const { input, context } = await approvedFor('lost', 's-11');
    const outcome = await executed(bed, apply, input, context).catch((error: Error) => error.message);
    expect(JSON.stringify(outcome)).toContain('It must be y.');
    expect(await bed.look((reader) => apply.landed(input, reader, context))).not.toBe('unclear');
  });

  test('is stopped with SIGINT: it keeps the state and gives the lock back', async () => {
    bed.write('slow', {
      'main.tf': `resource "terraform_data" "first" {}
      resource "terraform_data" "slow" {
        depends_on = [terraform_data.first]
        provisioner "local-exec" { command = "sleep 60" }
      }`,
    });
    const { input, context } = await approvedFor('slow', 's-12');
    const running = executed(bed, apply, input, context);
    while (!bed.reports.some((line) => line.includes("slow: Provisioning with 'local-exec'")))
      await delay(50);
    expect((await bed.states.about(bed.id('slow'))).lock).toMatchObject({ step: 's-12', settled: false });
    bed.stop('SIGINT');
    expect(JSON.stringify(await running)).toContain('errors');
    expect(await bed.states.about(bed.id('slow'))).toMatchObject({ lock: null, writtenBy: 's-12' });
    expect(await bed.states.read(bed.id('slow'))).toContain('"first"');
  });

  test('whether it has landed is unclear while its lock is held, and no where somebody else had the lock', async () => {
    bed.write('killed', one('a'));
    const { input, context } = await approvedFor('killed', 's-15');
    const landed = () => bed.look((reader) => apply.landed(input, reader, context));
    expect(await landed()).toBe('no');
    const lock = { id: 'l-2', step: 's-15', operation: '', info: '{}' };
    await bed.states.lock(bed.id('killed'), lock);
    expect(await landed()).toBe('unclear');
    await bed.states.unlock(bed.id('killed'), lock);
    await carriedOut(bed, apply, { path: 'killed' }, 's-16');
    expect(await landed()).toBe('unclear');
  });

  test('values that differ in each plan do not make an apply a failure', async () => {
    bed.write('noisy', { 'main.tf': 'resource "terraform_data" "n" { triggers_replace = [timestamp()] }' });
    const { verification } = await carriedOut(bed, apply, { path: 'noisy' }, 's-13');
    expect(verification).toMatchObject({ state: 'healthy', evidence: expect.stringContaining('again') });
  });

  test('a second apply of one workspace in one plan is refused', async () => {
    bed.write('twice', one('z'));
    const { input, context } = await approvedFor('twice', 's-14');
    const second = bed.look((reader) => apply.preview(input, reader, context.approved));
    expect(await faultOf(second)).toMatchObject({ code: 'unsupported' });
  });
});
