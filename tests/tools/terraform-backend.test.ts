import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecuteContext } from '../../src/domain/operation.ts';
import { apply } from '../../src/tools/terraform/apply.ts';
import { output } from '../../src/tools/terraform/output.ts';
import { stateList } from '../../src/tools/terraform/state_list.ts';
import { createClouds } from '../../src/vault/clouds/index.ts';
import { type CloudDouble, missingForDouble, startCloudDouble } from '../support/cloud-double.ts';
import {
  carriedOut,
  executed,
  missingForTerraform,
  openTerraformBed,
  previewed,
  readBy,
  resolved,
  type TerraformBed,
} from './support/terraform-bed.ts';
import { faultOf } from './support/writer.ts';

// Workspaces that keep their state in a backend of their own, over TLS, through the broker's tunnels. The servers of the
// backends are the test's own; what speaks to them is the real Terraform, with the libraries of AWS that are in it.

const missing = missingForTerraform() ?? missingForDouble();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/terraform-backend.test.ts: ${missing}.`);

const names = ['plain', 'moved', 'held', 'lost', 'none', 'far', 's3'];
const [role, planRole] = ['arn:aws:iam::123456789012:role/apply', 'arn:aws:iam::123456789012:role/plan'];

describe.skipIf(missing !== undefined)('a state in a backend of its own', () => {
  let double: CloudDouble;
  let bed: TerraformBed;
  const lookedUp: string[] = [];

  beforeAll(async () => {
    double = await startCloudDouble();
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAWORKERSOWNKEY000', AWS_SECRET_ACCESS_KEY: 'the-workers-own' };
    const clouds = createClouds({ ...keys, AWS_ENDPOINT_URL_STS: double.plainUrl });
    const aws = { role, planRole, region: 'eu-central-1' };
    const view = { state: 'backend' as const, hosts: [`cloud.example:${double.port}`], cloud: { aws } };
    const open = async () => '';
    const lookup = async (host: string) => {
      lookedUp.push(host);
      return [{ address: '127.0.0.1', family: 4 as const }];
    };
    bed = await openTerraformBed(names, {
      view,
      lookup,
      cloud: (_id, wanted) => clouds({ aws }, wanted, open),
    });
  });
  afterAll(async () => {
    await bed?.close();
    await double?.close();
  });

  const url = (name: string) => `https://cloud.example:${double.port}/${name}`;
  const httpBackend = (name: string, host = url(name)) => `terraform {
  backend "http" {
    address = "${host}"
    lock_address = "${host}"
    unlock_address = "${host}"
    retry_max = 0
    client_ca_certificate_pem = <<-PEM
${double.certificate}PEM
  }
}
`;
  const one = (value: string) => `resource "terraform_data" "one" { input = "${value}" }
output "value" { value = terraform_data.one.output }
`;
  const s3Files = () => ({
    'ca.txt': double.certificate,
    'main.tf': `terraform {
  backend "s3" {
    bucket = "bucket"
    key = "one.tfstate"
    region = "eu-central-1"
    use_lockfile = true
    use_path_style = true
    custom_ca_bundle = "ca.txt"
    endpoints = { s3 = "https://cloud.example:${double.port}" }
    skip_credentials_validation = true
    skip_requesting_account_id = true
    skip_s3_checksum = true
  }
}
${one('a')}`,
  });
  const write = (name: string, value: string) =>
    bed.write(name, { 'main.tf': httpBackend(name) + one(value) });
  const approvedFor = async (name: string, key: string) => {
    const input = await resolved(bed, apply, { path: name });
    const context: ExecuteContext = { approved: await previewed(bed, apply, input), idempotencyKey: key };
    return { input, context };
  };

  test('is planned, applied under its own lock, verified and read', async () => {
    write('plain', 'a');
    const {
      approved,
      context,
      input,
      output: done,
      verification,
    } = await carriedOut(bed, apply, { path: 'plain' }, 's-1');
    expect(approved).toMatchObject({ kind: 'dry-run', before: { lineage: null, serial: null } });
    expect(done).toEqual({ added: 1, changed: 0, destroyed: 0, serial: 1, errors: [] });
    expect(verification).toMatchObject({ state: 'healthy' });
    expect(double.asked.filter((each) => each === 'LOCK /plain')).toHaveLength(1);
    expect(double.locks.size).toBe(0);
    expect(new Set(lookedUp)).toEqual(new Set(['cloud.example']));
    expect(double.states.get('/plain')).toContain('"serial": 1');
    const { rows } = await bed.pool.query('select 1 from terraform_states');
    expect(rows).toHaveLength(0);
    expect((await readBy(bed, output, { path: 'plain' })).output.outputs).toMatchObject([{ name: 'value' }]);
    expect((await readBy(bed, stateList, { path: 'plain' })).output.count).toBe(1);
    const landed = await bed.look((reader) => apply.landed(input, reader, context));
    // The backend does not say who wrote, and the state has moved on.
    expect(landed).toBe('unclear');
  });

  test('two previews of an unchanged world are equal to the byte', async () => {
    write('moved', 'a');
    const input = await resolved(bed, apply, { path: 'moved' });
    expect(await previewed(bed, apply, input)).toEqual(await previewed(bed, apply, input));
  });

  test('a state that has moved on since the approval is refused, and nothing is written', async () => {
    write('moved', 'b');
    await carriedOut(bed, apply, { path: 'moved' }, 's-2');
    write('moved', 'c');
    const { input, context } = await approvedFor('moved', 's-3');
    const before = JSON.parse(double.states.get('/moved') ?? '');
    const after = JSON.stringify({ ...before, serial: before.serial + 1 });
    double.states.set('/moved', after);
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({
      code: 'world-changed',
      message: expect.stringContaining('serial 2, 1 when approved'),
    });
    double.states.set(
      '/moved',
      JSON.stringify({ ...before, lineage: '11111111-2222-3333-4444-555555555555' }),
    );
    expect((await faultOf(executed(bed, apply, input, context))).message).toContain('state is another one');
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('unclear');
    double.states.set('/moved', JSON.stringify(before));
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('no');
  });

  test('a lock that somebody holds is told: who, for what, since when; nothing is applied', async () => {
    write('held', 'a');
    const { input, context } = await approvedFor('held', 's-4');
    const Created = '2026-11-23T01:02:03.5Z';
    const lock = {
      ID: 'lock-1',
      Who: 'carol@laptop',
      Operation: 'OperationTypeApply',
      Version: '1.11.4',
      Created,
    };
    double.locks.set('/held', lock);
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault.code).toBe('locked');
    for (const said of ['carol@laptop', 'for apply', 'since 2026-11-23T01:02:03.5Z', 'force-unlock lock-1'])
      expect(fault.message).toContain(said);
    expect(double.states.has('/held')).toBe(false);
    expect(await bed.look((reader) => apply.landed(input, reader, context))).toBe('no');
    double.locks.delete('/held');
    expect(await executed(bed, apply, input, context)).toMatchObject({ added: 1, errors: [] });
  });

  test("another plan of Reign's is told which one holds the state", async () => {
    write('lost', 'a');
    const { input, context } = await approvedFor('lost', 's-5');
    const connection = bed.id('lost');
    await bed.states.lock(connection, {
      id: 'l',
      step: 's-other',
      operation: 'OperationTypeApply',
      info: '',
    });
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({ code: 'locked', message: expect.stringContaining('s-other') });
  });

  test('files without a backend, and a host that is not listed, are refused with what to do', async () => {
    bed.write('none', { 'main.tf': one('a') });
    const none = await faultOf(bed.look((reader) => apply.resolve({ path: 'none' }, reader)));
    expect(none).toMatchObject({ code: 'unsupported', message: expect.stringContaining('name no backend') });
    bed.write('far', { 'main.tf': httpBackend('far', 'https://state.example.com/far') + one('a') });
    const far = await faultOf(bed.look((reader) => apply.resolve({ path: 'far' }, reader)));
    expect(far.message).toContain('state.example.com:443 is not among the hosts of far in reign.yaml');
  });

  test('a role that AWS does not give is told with what to allow', async () => {
    bed.write('s3', s3Files());
    double.refusing = true;
    const fault = await faultOf(bed.look((reader) => apply.resolve({ path: 's3' }, reader)));
    double.refusing = false;
    expect(fault.message.replaceAll(/\s+/g, ' ')).toContain(
      `does not give ${planRole} to Reign (AccessDenied)`,
    );
  });

  test("s3: AWS's own library finds the keys of the role, of the plan's role while it looks", async () => {
    bed.write('s3', s3Files());
    const { input, context } = await approvedFor('s3', 's-6');
    expect([...double.usedKeys]).toEqual([planRole]);
    const lock = '/bucket/one.tfstate.tflock';
    const Created = '2026-11-23T01:02:03.5Z';
    const held = {
      ID: 'lock-2',
      Operation: 'OperationTypePlan',
      Who: 'dave@desk',
      Version: '1.11.4',
      Created,
    };
    double.states.set(lock, JSON.stringify(held));
    const fault = await faultOf(executed(bed, apply, input, context));
    expect(fault).toMatchObject({
      code: 'locked',
      message: expect.stringContaining('is locked by dave@desk, for plan, since 2026-11-23 01:02:03.5'),
    });
    double.states.delete(lock);
    expect(await executed(bed, apply, input, context)).toMatchObject({ added: 1, serial: 1, errors: [] });
    expect([...double.usedKeys]).toEqual([planRole, role]);
    expect(double.states.get('/bucket/one.tfstate')).toContain('"serial": 1');
    expect(double.asked).toContain(`PUT ${lock}`);
    expect(double.states.has(lock)).toBe(false);
    const sessions = double.given.map(({ fields }) => fields.get('RoleSessionName'));
    expect(new Set(sessions)).toEqual(new Set(['reign-none-look', 'reign-none-s-6']));
  });
});
