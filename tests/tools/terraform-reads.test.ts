import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../src/tools/terraform/apply.ts';
import { drift } from '../../src/tools/terraform/drift.ts';
import { output } from '../../src/tools/terraform/output.ts';
import { stateList } from '../../src/tools/terraform/state_list.ts';
import { validate } from '../../src/tools/terraform/validate.ts';
import {
  carriedOut,
  missingForTerraform,
  openTerraformBed,
  readBy,
  type TerraformBed,
} from './support/terraform-bed.ts';

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-reads.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('what is read of a Terraform workspace', () => {
  let bed: TerraformBed;

  beforeAll(async () => {
    bed = await openTerraformBed(['shop', 'fresh', 'wrong']);
    bed.write('shop', {
      'main.tf': `module "node" {
  source   = "./node"
  for_each = toset(["a", "b"])
}

output "address" { value = "10.0.0.7" }
output "password" {
  value     = "hunter2"
  sensitive = true
}
output "zones" { value = ["x", "y"] }
`,
      'node/main.tf': 'resource "terraform_data" "disk" {\n  count = 1\n}\n',
    });
    bed.write('fresh', { 'main.tf': 'resource "terraform_data" "a" {}\n' });
    await carriedOut(bed, apply, { path: 'shop' }, 's-1');
  });
  afterAll(() => bed?.close());

  test('outputs, sensitive ones masked', async () => {
    const { output: shown, rendered } = await readBy(bed, output, { path: 'shop' });
    expect(shown.outputs).toEqual([
      { name: 'address', value: '10.0.0.7', sensitive: false },
      { name: 'password', value: '(sensitive)', sensitive: true },
      { name: 'zones', value: '["x","y"]', sensitive: false },
    ]);
    expect(JSON.stringify(rendered)).not.toContain('hunter2');
    const before = await readBy(bed, output, { path: 'fresh' });
    expect(before.rendered).toMatchObject({ text: expect.stringContaining('never applied') });
  });

  test('resources of the state, by address', async () => {
    const { output: listed } = await readBy(bed, stateList, { path: 'shop' });
    expect(listed.resources.map(({ address }) => address)).toEqual([
      'module.node["a"].terraform_data.disk[0]',
      'module.node["b"].terraform_data.disk[0]',
    ]);
    const { rendered } = await readBy(bed, stateList, { path: 'fresh' });
    expect(rendered).toMatchObject({ text: expect.stringContaining('no resources') });
  });

  test('drift: none where the world is as the state says, whatever the files say', async () => {
    bed.write('shop', { 'more.tf': 'resource "terraform_data" "more" {}\n' });
    const { output: found, rendered } = await readBy(bed, drift, { path: 'shop' });
    expect(found).toMatchObject({ known: 2, drift: [] });
    expect(rendered).toMatchObject({ text: expect.stringContaining('No drift: all 2 resources') });
    const before = await readBy(bed, drift, { path: 'fresh' });
    expect(before.rendered).toMatchObject({ text: expect.stringContaining('made nothing yet') });
  });

  test('validate says what is wrong, where, and what fmt would change', async () => {
    const check = async (text: string) => {
      bed.write('wrong', { 'main.tf': text });
      return (await readBy(bed, validate, { path: 'wrong' })).output;
    };
    expect(await check('locals {\n  a = 1\n}\n')).toMatchObject({ valid: true, errors: [], unformatted: [] });
    expect(await check('locals {\n      a = 1\n}\n')).toMatchObject({
      valid: true,
      unformatted: ['main.tf'],
    });
    const undeclared = await check('output "a" {\n  value = local.missing\n}\n');
    expect(undeclared).toMatchObject({ valid: false, errors: [expect.stringMatching(/^main\.tf:2: /)] });
    expect(await check('resource "terraform_data" {')).toMatchObject({ valid: false });
    const provider = await check('resource "random_pet" "a" {}\n');
    expect(provider).toMatchObject({ valid: false, hint: expect.stringContaining('providers mirror') });
  });
});
