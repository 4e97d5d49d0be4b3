import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentsView } from './environments.ts';
import { folderWith, problemsIn } from './fixtures.ts';
import { loadConfig } from './load-config.ts';

test('a workspace says what it may reach, and whose rights it gets; secrets are references', () => {
  const role = 'arn:aws:iam::123456789012:role/apply';
  const read = (outside: string) => `people: [{ name: alice, roles: [operator] }]
environments:
  staging:
    tier: nonproduction
    terraform: { network: { path: infra/network, ${outside} } }
`;
  const cwd = folderWith(
    read(
      `hosts: ["*.amazonaws.com", "state.corp:8443"], cloud: { aws: { role: "${role}", region: eu-central-1, keys: { id: AKIAIOSFODNN7EXAMPLE, secret: file:./key } } }`,
    ),
  );
  const config = loadConfig({ cwd, env: {} });
  expect(config.environments[0]?.services[0]).toMatchObject({
    hosts: ['*.amazonaws.com', 'state.corp:8443'],
    cloud: { aws: { role, keys: { secret: `file:${join(cwd, 'key')}` } } },
  });
  expect(environmentsView(config)[0]?.connections[0]?.terraform).toMatchObject({
    hosts: ['*.amazonaws.com', 'state.corp:8443'],
    cloud: { aws: { region: 'eu-central-1' } },
  });
  expect(JSON.stringify(environmentsView(config))).not.toMatch(/AKIA|role/);
  for (const [outside, wrong] of [
    ['hosts: ["*"]', 'expected host, host:port or *.domain'],
    ['hosts: ["https://a.example"]', 'expected host, host:port or *.domain'],
    ['state: backend', 'list the hosts that it may reach'],
    ['hosts: []', 'list at least one host'],
    ['cloud: { aws: { role: admin, region: eu-central-1 } }', 'expected arn:aws:iam::ACCOUNT:role/NAME'],
    [
      `cloud: { aws: { role: "${role}", region: eu-central-1, keys: { id: AKIAIOSFODNN7EXAMPLE, secret: abc } } }`,
      'expected env:NAME, file:PATH or vault:NAME',
    ],
    [
      `cloud: { aws: { role: "${role}", region: eu-central-1, webIdentity: file:t, keys: { id: AKIAIOSFODNN7EXAMPLE, secret: file:k } } }`,
      'give keys or webIdentity, not both',
    ],
  ] as const)
    expect(problemsIn(read(outside)).join()).toContain(wrong);
});
