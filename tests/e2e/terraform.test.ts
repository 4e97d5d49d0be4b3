import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { until } from '../support/reign.ts';
import { describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { missingForTerraform } from '../tools/support/terraform-bed.ts';

// A Terraform workspace from the first plan to its end, as people ask for it, through the whole of Reign.

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/e2e/terraform.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('a Terraform workspace', () => {
  let team: Team;
  let alice: Visitor;
  let bob: Visitor;
  const files = (text: string) => writeFile(path.join(team.reign.dataDir, 'net/main.tf'), text);
  const one = 'resource "terraform_data" "one" { input = "a" }\n';

  beforeAll(async () => {
    team = await startTeam('', { REIGN_LEASE_SECONDS: '2' }, (yaml) =>
      yaml.replace('aliases: [stg],', 'aliases: [stg], terraform: { network: { path: ./net } },'),
    );
    await mkdir(path.join(team.reign.dataDir, 'net'));
    alice = await team.as('alice');
    bob = await team.as('bob');
  });
  afterAll(() => team?.stop());

  const carriedOut = async (text: string) => {
    const plan = await alice.planFor(text);
    const shown = await alice.until(plan.id, ({ state }) => state !== 'drafted' && state !== 'previewed');
    if (shown.state === 'waiting-for-approval') await bob.decide(shown);
    return alice.until(plan.id, ({ state }) => ['succeeded', 'failed', 'needs-a-person'].includes(state));
  };

  it('is planned, applied, and destroyed, each as it was shown', async () => {
    await files(one);
    const { body } = await alice.entryFor('terraform plan in network');
    expect(JSON.stringify(body)).toContain('network: 1 created.');
    const applied = await carriedOut('terraform apply in network');
    expect(applied.steps[0]).toMatchObject({
      effect: 'create',
      state: 'succeeded',
      title: expect.stringContaining('1 to create'),
    });
    expect(applied.state).toBe('succeeded');
    const [locks] = await team.sql('select lock, locked_by from terraform_locks');
    expect(locks).toMatchObject({ lock: null, locked_by: expect.stringMatching(/^s-/) });
    const destroyed = await carriedOut('terraform destroy in network');
    expect(destroyed.steps[0]).toMatchObject({ effect: 'delete', state: 'succeeded' });
    expect(JSON.stringify(destroyed)).toContain('terraform_data.one');
  });

  it('is planned and asked for anew when its files changed after the approval was asked for', async () => {
    await files(one);
    await carriedOut('terraform apply in network');
    await files('');
    const plan = await alice.planFor('terraform apply in network');
    const shown = await alice.until(plan.id, ({ state }) => state === 'waiting-for-approval');
    expect(shown.steps[0]).toMatchObject({ effect: 'delete' });
    await files('# not what was approved\n');
    await bob.decide(shown);
    const again = await alice.until(
      plan.id,
      ({ revision, state }) => revision > shown.revision || state === 'failed',
    );
    expect(again).toMatchObject({ state: 'waiting-for-approval' });
    await bob.decide(again);
    expect(await alice.until(plan.id, ({ state }) => state === 'succeeded')).toMatchObject({
      state: 'succeeded',
    });
  });

  it('keeps its lock when a worker is lost, says who has it, and gives it back once the step is settled', async () => {
    const provisioner = 'provisioner "local-exec" { command = "sleep 60" }';
    await files(`${one}resource "terraform_data" "slow" {\n  ${provisioner}\n}\n`);
    const first = await alice.planFor('terraform apply in network');
    const shown = await alice.until(first.id, ({ state }) => state !== 'drafted' && state !== 'previewed');
    if (shown.state === 'waiting-for-approval') await bob.decide(shown);
    const holder = async () => (await team.sql('select lock from terraform_locks'))[0]?.['lock'];
    await until(
      async () => (await holder()) != null,
      20_000,
      () => 'it is not locked',
    );
    const { body } = await alice.entryFor('terraform plan in network');
    expect(JSON.stringify(body)).toMatch(new RegExp(`locked by plan ${first.id} .* since 20`));
    team.process.child.kill('SIGKILL');
    await team.process.ended;
    await team.reign.start('all', { REIGN_LEASE_SECONDS: '2' });
    const api = team.reign.api();
    const lost = await api.until(first.id, ({ state }) => state === 'needs-a-person');
    expect(lost.steps[0]).toMatchObject({ state: 'unclear' });
    expect(await holder()).toMatchObject({ operation: 'OperationTypeApply' });
    await files(one);
    const text = JSON.stringify(await api.reply(await api.ask('terraform plan in network')));
    expect(text).not.toContain('is locked');
  });
});
