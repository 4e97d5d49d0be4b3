import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apply } from '../../src/tools/terraform/apply.ts';
import { plan } from '../../src/tools/terraform/plan.ts';
import {
  carriedOut,
  missingForTerraform,
  openTerraformBed,
  readBy,
  resolved,
  type TerraformBed,
} from './support/terraform-bed.ts';

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-plan.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('terraform.plan', () => {
  let bed: TerraformBed;

  beforeAll(async () => {
    bed = await openTerraformBed(['network', 'network-lab', 'broken', 'empty', 'keys']);
  });
  afterAll(() => bed?.close());

  test('shows what would be made, and nothing sensitive of it', async () => {
    bed.write('keys', {
      'main.tf': `variable "password" {
        sensitive = true
        default   = "hunter2"
      }
      module "store" { source = "./modules/store" }
      resource "terraform_data" "login" { input = { user = "app", password = var.password } }
      output "user" { value = terraform_data.login.output.user }`,
      '.terraform.lock.hcl': '# This file is maintained automatically by "terraform init".\n',
      'modules/store/main.tf': 'resource "terraform_data" "disk" { input = 20 }',
    });
    const { output, rendered } = await readBy(bed, plan, { path: './keys', environment: 'stg' });
    expect(output).toMatchObject({ summary: '2 created, 1 output', outputs: ['user'], serial: null });
    expect(output.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([
      'create module.store.terraform_data.disk',
      'create terraform_data.login',
    ]);
    expect(JSON.stringify([output, rendered])).not.toContain('hunter2');
    expect(JSON.stringify(rendered)).toContain('input: 20');
    expect(JSON.stringify(rendered)).toContain('(sensitive)');
  });

  test('shows what is destroyed and replaced first, and why', async () => {
    bed.write('network', {
      'main.tf': `resource "terraform_data" "aaa" { input = "10.0.0.0/16" }
      resource "terraform_data" "subnet" {
        input            = "a"
        triggers_replace = ["10.0.1.0/24"]
      }
      resource "terraform_data" "gone" {}`,
    });
    await carriedOut(bed, apply, { path: 'network' }, 's-plan-1');
    bed.write('network', {
      'main.tf': `resource "terraform_data" "aaa" { input = "10.1.0.0/16" }
      resource "terraform_data" "subnet" {
        input            = "a"
        triggers_replace = ["10.0.2.0/24"]
      }
      resource "terraform_data" "added" {}`,
    });
    const { output } = await readBy(bed, plan, { path: 'network' });
    expect(output.summary).toBe('1 destroyed, 1 replaced, 1 changed, 1 created');
    expect(output.changes.map(({ action, address, because }) => [action, address, because])).toEqual([
      ['destroy', 'terraform_data.gone', 'it is no longer in the configuration'],
      ['replace', 'terraform_data.subnet', 'it cannot be changed in place: triggers_replace'],
      ['update', 'terraform_data.aaa', ''],
      ['create', 'terraform_data.added', ''],
    ]);
    expect(output.changes[2]?.attributes).toContainEqual({
      name: 'input',
      before: '10.0.0.0/16',
      after: '10.1.0.0/16',
    });
  });

  test('a plan writes no state', async () => {
    expect(await bed.states.about(bed.id('keys'))).toMatchObject({
      serial: null,
      lock: null,
      lockedBy: null,
    });
  });

  test('says in which line a configuration is wrong', async () => {
    bed.write('broken', { 'main.tf': 'resource "terraform_data" "a" {\n  input = var.size\n}\n' });
    await expect(readBy(bed, plan, { path: 'broken' })).rejects.toThrow(
      /main\.tf:2: .*undeclared input variable/,
    );
    bed.write('broken', { 'main.tf': 'resource "terraform_data" {' });
    await expect(readBy(bed, plan, { path: 'broken' })).rejects.toThrow(/terraform init failed/);
  });

  test('says what to do where a provider, a module or a value is missing', async () => {
    const failing = async (text: string) => {
      bed.write('broken', { 'main.tf': text });
      return readBy(bed, plan, { path: 'broken' }).then(
        () => 'no failure',
        (error: Error) => error.message,
      );
    };
    expect(await failing('resource "random_pet" "a" {}')).toContain('terraform providers mirror');
    expect(await failing('module "m" { source = "../shared" }')).toContain('modules must lie below it');
    expect(await failing('module "m" { source = "terraform-aws-modules/vpc/aws" }')).toContain(
      'hosts of the workspace',
    );
    expect(await failing('variable "size" {}')).toContain('reign.auto.tfvars');
    expect(await failing('output "w" { value = terraform.workspace }')).toContain('Use a variable instead');
    bed.write('broken', { 'z_override.tf': 'terraform {\n  backend "local" {}\n}' });
    expect(await failing('output "w" { value = 1 } # terraform.workspace')).toContain('not be kept by Reign');
  });

  test('a folder without files is said to be so', async () => {
    bed.write('empty', { 'README.md': 'nothing' });
    await expect(readBy(bed, plan, { path: 'empty' })).rejects.toThrow('There are no Terraform files');
  });

  test('several that fit, near names and unknown ones are not guessed', async () => {
    const ask = (request: object) => bed.look((reader) => plan.resolve(request, reader));
    expect(await ask({})).toMatchObject({ kind: 'question', question: { options: { length: 5 } } });
    const near = await ask({ path: 'netwrok' });
    expect(near).toMatchObject({ kind: 'question', question: { options: [{ patch: { path: 'network' } }] } });
    expect(await ask({ path: 'billing' })).toMatchObject({ kind: 'impossible' });
    expect(await ask({ path: 'network', environment: 'moon' })).toMatchObject({ kind: 'question' });
    expect((await resolved(bed, plan, { path: 'network/' })).connection).toBe(bed.id('network'));
  });
});
