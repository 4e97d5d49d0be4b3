import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type CloudDouble, missingForDouble, startCloudDouble } from '../support/cloud-double.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { missingForTerraform } from '../tools/support/terraform-bed.ts';

// A workspace with a cloud and a backend of its own, through the whole of Reign: STS and the backend are the test's own
// servers over TLS, since no cloud runs here; Terraform, its AWS library, Postgres and the sandbox are real.

const missing = missingForTerraform() ?? missingForDouble();
if (missing !== undefined) console.warn(`SKIPPED tests/e2e/terraform-clouds.test.ts: ${missing}.`);

const base = 'bAse-0f-th3-role-9Kq2zX7v';
const [role, planRole] = ['arn:aws:iam::123456789012:role/apply', 'arn:aws:iam::123456789012:role/plan'];

describe.skipIf(missing !== undefined)('a Terraform workspace in a cloud', () => {
  let double: CloudDouble;
  let team: Team;
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    double = await startCloudDouble();
    const keys = 'keys: { id: AKIABASEOFTHETEST00, secret: file:./base }';
    const aws = `aws: { role: '${role}', planRole: '${planRole}', region: eu-central-1, ${keys} }`;
    const network = `network: { path: ./net, state: backend, hosts: ['127.1:${double.port}'], cloud: { ${aws} } }`;
    team = await startTeam(
      '',
      {
        AWS_ENDPOINT_URL_STS: `https://localhost:${double.port}/`,
        NODE_EXTRA_CA_CERTS: double.certificateFile,
      },
      (yaml) => yaml.replace('aliases: [stg],', `aliases: [stg], terraform: { ${network} },`),
    );
    const folder = path.join(team.reign.dataDir, 'net');
    await mkdir(folder);
    await writeFile(path.join(team.reign.dataDir, 'base'), base);
    await writeFile(path.join(folder, 'ca.txt'), double.certificate);
    await writeFile(path.join(folder, 'main.tf'), configuration(double.port));
    alice = await team.as('alice');
    bob = await team.as('bob');
  });
  afterAll(async () => {
    await team?.stop();
    await double?.close();
  });

  const roles = () => [...new Set(double.given.map((each) => each.role))];

  it('gets the role that writes once its plan was approved, named after plan and step', async () => {
    const plan = await alice.planFor('terraform apply in network');
    const shown = await alice.until(plan.id, ({ state }) => state !== 'drafted' && state !== 'previewed');
    expect(shown.state).toBe('waiting-for-approval');
    expect(roles()).toEqual([planRole]);
    await bob.decide(shown);
    const ended = await alice.until(plan.id, ({ state }) => ['succeeded', 'failed'].includes(state));
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(roles()).toEqual([planRole, role]);
    expect(double.states.get('/bucket/one.tfstate')).toContain('"serial": 1');
    const wrote = double.given.filter((each) => each.role === role);
    for (const { fields, askedWith } of wrote) {
      expect(fields.get('RoleSessionName')).toMatch(new RegExp(`^reign-${plan.id}-s-`));
      expect(Number(fields.get('DurationSeconds'))).toBeLessThanOrEqual(3600);
      expect(askedWith).toBe('AKIABASEOFTHETEST00');
    }
  });

  it('leaves no credential in Postgres, in logs or in files of the worker', async () => {
    const secrets = [base, ...double.given.flatMap(({ secret, token }) => [secret, token])];
    expect(secrets.length).toBeGreaterThan(4);
    const tables = await team.sql<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const [row] = await team.sql<{ text: string | null }>(
        `select string_agg(t::text, ' ') as text from ${name} t`,
      );
      for (const secret of secrets) expect(row?.text?.includes(secret) ?? false, name).toBe(false);
    }
    const { dataDir } = team.reign;
    for (const file of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || file.name === 'base') continue;
      const text = await readFile(path.join(file.parentPath, file.name), 'latin1').catch(() => '');
      for (const secret of secrets) expect(text.includes(secret), file.name).toBe(false);
    }
  });
});

function configuration(port: number): string {
  return `terraform {
  backend "s3" {
    bucket = "bucket"
    key = "one.tfstate"
    region = "eu-central-1"
    use_lockfile = true
    use_path_style = true
    custom_ca_bundle = "ca.txt"
    endpoints = { s3 = "https://127.1:${port}" }
    skip_credentials_validation = true
    skip_requesting_account_id = true
    skip_s3_checksum = true
  }
}
resource "terraform_data" "one" { input = "a" }
`;
}
