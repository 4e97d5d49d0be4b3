import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PlanCard } from '../../src/domain/chat.ts';
import { approve, describe, it, startTeam, type Team, type Visitor } from '../support/team.ts';
import { startVaultDouble, type VaultDouble } from '../support/vault-double.ts';

// Secrets that lie in a Vault: named in plans, read there for the step that needs them, copied nowhere.

const first = 'cR4ne-7uLip-wh1sper-0x9';
const second = 'b0reaL-f1nch-quartz-5y2';
const signIn = 'hvs-of-the-test-9f2c1';

let vault: VaultDouble;
let team: Team;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  vault = await startVaultDouble();
  vault.tokens.set(signIn, ['secret/data/shop/']);
  vault.put('secret/shop/partner', { token: first });
  const more = `vault: { servers: { '${vault.host}': { url: ${vault.url}, token: 'file:vault-token' } } }\n`;
  const github =
    'github: { main: { repositories: [acme/web], token: vault:github, url: "http://127.0.0.1:9" }, other: { repositories: [acme/x], token: vault:none } }';
  const ada = '  - { name: ada, roles: [admin] }\n  - { name: alice,';
  const cluster = `aliases: [stg], ${github}, clusters: { main: { demo: true, serviceAccount: shop/steps } } }`;
  team = await startTeam(more, {}, (yaml) =>
    yaml.replace('  - { name: alice,', ada).replace(/aliases: \[stg\],.*/, cluster),
  );
  kubectl('create', 'serviceaccount', 'steps', '-n', 'shop');
  kubectl(
    'create',
    'clusterrolebinding',
    'steps',
    '--clusterrole=cluster-admin',
    '--serviceaccount=shop:steps',
  );
  writeFileSync(path.join(team.reign.dataDir, 'vault-token'), signIn);
  alice = await team.as('alice');
  bob = await team.as('bob');
});
afterAll(async () => {
  await team?.stop();
  await vault?.close();
});

const refer = (name: string, where: string, ...more: string[]) =>
  team.reign.cli('credential', 'refer', name, '--to', where, '--as', 'ada', ...more);

const kubectl = (...args: string[]) => team.kubectl(args);

function held(): string {
  const value = kubectl('-n', 'shop', 'get', 'secret', 'payments-key', '-o', 'jsonpath={.data.token}');
  return Buffer.from(value, 'base64').toString();
}

async function approved(plan: PlanCard): Promise<PlanCard> {
  await approve(plan, alice, bob);
  return alice.until(plan.id, ({ state }) => ['succeeded', 'failed', 'waiting-for-approval'].includes(state));
}

const write = 'set key token of secret payments-key to vault:partner in staging in namespace shop';

describe('a secret that lies in a Vault', () => {
  it('is referred to by its address, which is no secret', async () => {
    const to = `vault://${vault.host}/v1/secret/data/shop/partner#token`;
    const { code, stdout } = await refer('partner', to, '--environment', 'staging');
    expect(code).toBe(0);
    expect(stdout).toContain(`partner is read at ${to}`);
    const listed = await team.reign.cli('credential', 'list', '--as', 'ada');
    expect(listed.stdout).toContain(to);
    const wrong = await refer('partner', 'https://vault.example/secret');
    expect([wrong.code === 0, wrong.stderr]).toEqual([
      false,
      expect.stringContaining('vault://HOST/v1/secret/data/PATH#KEY'),
    ]);
    expect(vault.asked).toEqual([]);
  });

  it('is written by its name', async () => {
    const done = await approved(await alice.planFor(write));
    expect(done.state).toBe('succeeded');
    expect(held()).toBe(first);
  });

  it('that became another one there since the approval was asked for is asked about again', async () => {
    const plan = await alice.planFor(write);
    expect(plan.state).toBe('waiting-for-approval');
    vault.put('secret/shop/partner', { token: second });
    // Workers that look at once share one answer for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const [decided] = [await alice.decide(plan)];
    if (decided.status !== 200) await bob.decide(plan);
    const ended = await alice.until(
      plan.id,
      ({ state, revision }) => state !== 'waiting-for-approval' || revision > 1,
    );
    expect(ended.state).not.toBe('succeeded');
    expect(held()).toBe(first);
    if (ended.state === 'waiting-for-approval') await alice.request('POST', `/plans/${plan.id}/cancel`);
    expect((await approved(await alice.planFor(write))).state).toBe('succeeded');
    expect(held()).toBe(second);
  });

  it('that may not be read says so, with the line that allows it', async () => {
    await refer('locked', `vault://${vault.host}/v1/secret/data/other/x#token`);
    const { body } = await alice.entryFor(write.replace('vault:partner', 'vault:locked'));
    const plans = await team.sql<{ outcome: string | null }>(
      'select outcome from plans order by created_at desc limit 1',
    );
    expect(JSON.stringify([body, plans])).toMatch(/lets Reign not read secret\/data\/other\/x/);
  });

  it('is written with a token of the service account alone, which is refused once the account is gone', async () => {
    kubectl('-n', 'shop', 'delete', 'serviceaccount', 'steps');
    const plan = await alice.planFor(write).catch((error: Error) => error.message);
    expect(plan).toMatch(/cluster of staging does not accept Reign's credential: Unauthorized/);
    kubectl('-n', 'shop', 'create', 'serviceaccount', 'steps');
  });

  it('is tried by the doctor, with what mends each, as connections are that use it', async () => {
    const said = async () => {
      const { events } = await team.reign.cli('doctor', '--json');
      const checks = events.filter(({ type }) => type === 'check');
      return Object.fromEntries(checks.map(({ name, ok, says }) => [name, `${ok}: ${says}`]));
    };
    await refer('github', `vault://${vault.host}/v1/secret/data/shop/partner#token`, '--tool', 'github');
    expect(await said()).toMatchObject({
      'vault:partner': expect.stringMatching(/^true: opens at vault:\/\/.* \(staging\/\*\)/),
      'vault:locked': expect.stringMatching(/^false: .*capabilities = \["read"\]/),
      // The credential is found; GitHub itself is not reached from here.
      'github:staging/main': expect.stringMatching(/^false: 127\.0\.0\.1:9 cannot be reached/),
      'github:staging/other': expect.stringMatching(
        /^false: No secret "none" is kept .*reign credential set none/,
      ),
    });
    vault.sealed = true;
    expect(await said()).toMatchObject({
      'vault:partner': expect.stringMatching(/^false: .*Vault is sealed/),
      'github:staging/main': expect.stringMatching(/^false: .*Vault is sealed/),
    });
    vault.sealed = false;
  });

  it('stands nowhere in what Reign keeps and says, nor does what signs in', async () => {
    const tables = await team.sql<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    const forms = [first, second, signIn].flatMap((value) => [value, Buffer.from(value).toString('base64')]);
    for (const { name } of tables) {
      const rows = await team.sql<{ row: string }>(`select t::text as row from ${name} t`);
      const text = rows.map(({ row }) => row).join('\n');
      expect([name, forms.filter((form) => text.includes(form))]).toEqual([name, []]);
    }
    expect(forms.filter((form) => team.process.output().includes(form))).toEqual([]);
  });
});
