import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentRules, environmentsView, webConnection } from './environments.ts';
import { folderWith, goodYaml, load, problemsIn } from './fixtures.ts';
import { loadConfig } from './load-config.ts';

test('planners see names of connections, not how they are reached', () => {
  const views = environmentsView(load(goodYaml));
  expect(views[0]).toEqual({
    name: 'staging',
    tier: 'nonproduction',
    aliases: ['stg'],
    connections: [
      {
        id: 'kubernetes:staging/main',
        kind: 'kubernetes',
        environment: 'staging',
        name: 'main',
        demo: false,
      },
      {
        id: 'kubernetes:staging/spare',
        kind: 'kubernetes',
        environment: 'staging',
        name: 'spare',
        demo: true,
      },
      { id: 'docker:staging/box', kind: 'docker', environment: 'staging', name: 'box', demo: false },
      {
        ...{ id: 'docker:staging/far', kind: 'docker', environment: 'staging', name: 'far', demo: false },
        holds: ['/srv/uploads:ro'],
      },
    ],
  });
  expect(webConnection).toBe('http:web');
});

test.each(['false', 'refuse'])(
  'an environment with writes: %s becomes a rule that forbids them',
  (writes) => {
    const config = load(goodYaml.replace('tier: production', `tier: production\n    writes: ${writes}`));
    expect(environmentRules(config)).toEqual([
      {
        path: 'environments.production.writes',
        text: expect.stringMatching(
          /forbid[\s\S]*effect != Effect::"read"[\s\S]*environment == "production"/,
        ),
      },
    ]);
  },
);

test('repositories, monitoring, folders and workspaces belong to an environment', () => {
  const cwd = folderWith(`people: [{ name: alice, roles: [operator] }]
environments:
  staging:
    tier: nonproduction
    github: { acme: { repositories: ["acme/*"], token: env:GITHUB_TOKEN } }
    prometheus: { main: { url: "http://prometheus:9090", token: file:./token } }
    alertmanager: { main: { url: "http://alertmanager:9093" } }
    folders: { charts: ./charts }
    terraform: { network: { path: infra/network } }
`);
  const config = loadConfig({ cwd, env: {} });
  expect(config.environments[0]?.services).toEqual([
    {
      kind: 'github',
      name: 'acme',
      url: 'https://api.github.com',
      repositories: ['acme/*'],
      token: 'env:GITHUB_TOKEN',
    },
    { kind: 'prometheus', name: 'main', url: 'http://prometheus:9090', token: `file:${join(cwd, 'token')}` },
    { kind: 'alertmanager', name: 'main', url: 'http://alertmanager:9093' },
    { kind: 'folder', name: 'charts', path: join(cwd, 'charts') },
    {
      kind: 'terraform',
      name: 'network',
      path: join(cwd, 'infra/network'),
      workspace: 'default',
      state: 'reign',
    },
  ]);
  const ids = environmentsView(config)[0]?.connections.map(({ id }) => id);
  expect(ids).toContain('github:staging/acme');
});

test('a token that stands in the file itself is refused', () => {
  const problems = problemsIn(`people: [{ name: alice, roles: [operator] }]
environments:
  staging: { tier: nonproduction, github: { acme: { repositories: ["acme/*"], token: ghp_abc } } }
`);
  expect(problems.join()).toContain('expected env:NAME, file:PATH or vault:NAME');
});
