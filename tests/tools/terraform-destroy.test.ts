import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/json.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { destroy } from '../../src/tools/terraform/destroy.ts';
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
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-destroy.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('terraform.destroy', () => {
  let bed: TerraformBed;

  beforeAll(async () => {
    bed = await openTerraformBed(['lab', 'grown', 'kept', 'empty', 'stuck']);
  });
  afterAll(() => bed?.close());
  const some = { 'main.tf': 'resource "terraform_data" "node" { for_each = toset(["a", "b"]) }' };

  test('lists every resource, each a target, and destroys exactly those', async () => {
    bed.write('lab', some);
    await carriedOut(bed, apply, { path: 'lab' }, 's-1');
    const { input, approved, context, output, verification } = await carriedOut(
      bed,
      destroy,
      { path: 'lab' },
      's-2',
    );
    expect(input.destroys).toEqual(['terraform_data.node["a"]', 'terraform_data.node["b"]']);
    expect(destroy.assess(input)).toMatchObject({
      effect: 'delete',
      objects: 2,
      targets: [
        'tf:staging/lab',
        'tf:staging/lab/terraform_data.node["a"]',
        'tf:staging/lab/terraform_data.node["b"]',
      ],
    });
    expect(approved).toMatchObject({ kind: 'dry-run', summary: '2 destroyed' });
    expect(output).toMatchObject({ destroyed: 2, errors: [] });
    expect(verification).toMatchObject({ state: 'healthy' });
    expect(await bed.look((reader) => destroy.landed(input, reader, context))).toBe('yes');
    const again = await bed.look((reader) => destroy.resolve({ path: 'lab' }, reader));
    expect(again).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('nothing to destroy'),
    });
  });

  test('nothing is destroyed when the workspace has grown since the approval', async () => {
    bed.write('grown', some);
    await carriedOut(bed, apply, { path: 'grown' }, 's-3');
    const input = await resolved(bed, destroy, { path: 'grown' });
    const approved = await previewed(bed, destroy, input);
    expect(canonicalJson(await previewed(bed, destroy, input))).toBe(canonicalJson(approved));
    bed.write('grown', { 'more.tf': 'resource "terraform_data" "more" {}' });
    await carriedOut(bed, apply, { path: 'grown' }, 's-4');
    const context = { approved, idempotencyKey: 's-5' };
    expect(await faultOf(executed(bed, destroy, input, context))).toMatchObject({ code: 'world-changed' });
    expect(await faultOf(previewed(bed, destroy, input))).toMatchObject({ code: 'world-changed' });
    expect(await bed.states.read(bed.id('grown'))).toContain('"more"');
  });

  test('what must not be destroyed is not, and it is said why', async () => {
    bed.write('kept', {
      'main.tf': 'resource "terraform_data" "dear" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
    });
    await carriedOut(bed, apply, { path: 'kept' }, 's-6');
    const asked = bed.look((reader) => destroy.resolve({ path: 'kept' }, reader));
    expect((await faultOf(asked)).message).toContain('prevent_destroy');
  });

  test('what is left after a failure is listed', async () => {
    bed.write('stuck', {
      'main.tf': `resource "terraform_data" "ends" {}
      resource "terraform_data" "stays" {
        provisioner "local-exec" {
          when    = destroy
          command = "exit 1"
        }
      }`,
    });
    await carriedOut(bed, apply, { path: 'stuck' }, 's-7');
    const { verification, output } = await carriedOut(bed, destroy, { path: 'stuck' }, 's-8');
    expect(output.errors).toHaveLength(1);
    expect(verification).toMatchObject({
      state: 'failed',
      evidence: expect.stringContaining('terraform_data.stays'),
    });
  });

  test('a workspace that was never applied has nothing to destroy', async () => {
    bed.write('empty', some);
    const asked = await bed.look((reader) => destroy.resolve({ path: 'empty' }, reader));
    expect(asked).toMatchObject({ kind: 'impossible' });
  });
});
