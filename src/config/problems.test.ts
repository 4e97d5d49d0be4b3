import { expect, test } from 'vitest';
import { goodYaml, problemsIn } from './fixtures.ts';

const people = 'people: [{ name: alice, roles: [operator] }]\n';

test('a wrong value is told with file, line, column, path and what was expected', () => {
  const yaml = `${people}environments:\n  staging:\n    tier: prd\n`;
  expect(problemsIn(yaml)).toEqual([
    'reign.yaml:4:5: environments.staging.tier: expected "production" or "nonproduction", got "prd"',
  ]);
});

test('broken YAML is told with its place', () => {
  expect(problemsIn('people:\n  - { name: alice, roles: [operator }\n')[0]).toMatch(/^reign\.yaml:2:\d+: /);
  expect(problemsIn('people: []\nserver: {}\nserver: {}\n')).toEqual([
    'reign.yaml:3:1: map keys must be unique',
  ]);
  expect(problemsIn('people: *nobody\n')[0]).toMatch(/^reign\.yaml:\d+:\d+: .*nobody/);
  expect(problemsIn('')).toEqual([
    'reign.yaml:1:1: people: is missing: expected a list',
    'reign.yaml:1:1: environments: is missing: expected a mapping',
  ]);
  expect(problemsIn('- people\n')).toEqual(['reign.yaml:1:1: expected a mapping, got a list']);
});

test('all problems are told at once, in the order of the file', () => {
  const yaml = `people:
  - { name: alice, rolls: [operator] }
  - { name: bob, roles: [leed, "lead@prod", "lead@nowhere"], slack: bob }
enviroments: {}
environments:
  production:
    tier: production
    aliases: [prod, prod]
    clusters: { main: { contxt: x } }
server: { port: abc }
workers: { concurrency: 0 }
approvals: { expireAfter: soon }
`;
  expect(problemsIn(yaml)).toEqual([
    'reign.yaml:2:5: people[0].roles: is missing: give at least one role, here or by a group',
    'reign.yaml:2:20: people[0].rolls: unknown key: did you mean "roles"?',
    'reign.yaml:3:26: people[1].roles[0]: "leed" is no role (viewer, operator, lead, admin): did you mean "lead"?',
    'reign.yaml:3:32: people[1].roles[1]: no environment is called "prod": write "production", of which it is an alias',
    'reign.yaml:3:45: people[1].roles[2]: no environment is called "nowhere"',
    'reign.yaml:3:62: people[1].slack: expected <team id>/<user id>, as in T01TEST/U01ALICE',
    'reign.yaml:4:1: enviroments: unknown key: did you mean "environments"?',
    'reign.yaml:8:21: environments.production.aliases[1]: "prod" is listed twice or is its own name',
    'reign.yaml:9:25: environments.production.clusters.main.contxt: unknown key: did you mean "context"?',
    'reign.yaml:10:11: server.port: expected a number, got "abc"',
    'reign.yaml:11:12: workers.concurrency: expected at least 1, got 0',
    'reign.yaml:12:14: approvals.expireAfter: expected a number and s, m, h or d, as in 30m or 4h',
  ]);
});

const withPeople = (people: string) => `${people}\n${goodYaml.slice(goodYaml.indexOf('environments:'))}`;

test.each([
  [
    'people: [{ name: a, roles: [leed] }]',
    'roles[0]: "leed" is no role (viewer, operator, lead, admin): did you mean "lead"?',
  ],
  ['people: [{ name: a, roles: [toString] }]', 'roles[0]: "toString" is no role'],
  ['people: [{ name: a, roles: ["lead@nowhere"] }]', 'roles[0]: no environment is called "nowhere"'],
  [
    'people: [{ name: a, roles: ["lead@stagin/x"] }]',
    'no environment is called "stagin": did you mean "staging"?',
  ],
  [
    'people: [{ name: a, roles: ["lead@prod"] }]',
    'no environment is called "prod": write "production", of which it is an alias',
  ],
  [
    'people: [{ name: a, roles: ["lead@staging/cluster:man"] }]',
    'staging has no cluster "man": did you mean "main"?',
  ],
  ['people: [{ name: a, roles: ["lead@"] }]', '"lead@" is no role: write lead, lead@environment'],
  [
    'people: [{ name: a, roles: [lead] }, { name: A, roles: [lead] }]',
    'people[1].name: "A" is used twice: people[0] has it too',
  ],
  [
    'people: [{ name: a, roles: [lead], slack: T1/U1 }, { name: b, roles: [lead], slack: T1/U1 }]',
    'people[1].slack: "T1/U1" is used twice: people[0] has it too',
  ],
  ['people: []', 'people: list at least one person'],
  [
    'people: [{ name: a }]\ngroups: [{ name: A, slack: T1/S1, roles: [lead] }]',
    'groups[0].name: "A" is used twice',
  ],
  [
    'people: [{ name: a }]\ngroups: [{ name: g, slack: T1/S1, roles: ["lead@nowhere"] }]',
    'groups[0].roles[0]: no environment is called "nowhere"',
  ],
  [
    'people: [{ name: a }]\ngroups: [{ name: g, slack: T1/S1, teams: t/g, roles: [lead] }]',
    'give either slack or teams',
  ],
  [
    'people: [{ name: a, roles: [lead] }]\nchat: { escalate: [{ after: 1h, to: [bob] }] }',
    'chat.escalate[0].to[0]: "bob" is no person, no group and not onCall',
  ],
])('%s is refused', (text, message) => {
  expect(problemsIn(withPeople(text))).toEqual([expect.stringContaining(message)]);
});

test('roles that hold in a namespace or a cluster are accepted', () => {
  const roles = '["lead@staging/shop", "lead@staging/cluster:spare", viewer]';
  expect(problemsIn(withPeople(`people: [{ name: a, roles: ${roles} }]`))).toEqual([]);
});

test.each([
  [
    '{ a: { tier: production, aliases: [b] }, B: { tier: production } }',
    'environments.a.aliases[0]: "b" already means the environment "B"',
  ],
  [
    '{ a: { tier: production, aliases: [x] }, b: { tier: production, aliases: [X] } }',
    'environments.b.aliases[0]: "X" already means the environment "a"',
  ],
  [
    '{ a: { tier: production, aliases: [A] } }',
    'environments.a.aliases[0]: "A" is listed twice or is its own name',
  ],
  ['{ a: { tier: production }, A: { tier: production } }', 'environments.A: differs from "a" only in case'],
  ['{ "a b": { tier: production } }', 'environments: "a b" is no name'],
  ['{ a: { tier: production, clusters: { main: {} } } }', 'environments.a.clusters.main: say which cluster'],
  [
    '{ a: { tier: production, clusters: { main: { demo: true, context: x } } } }',
    'a demo cluster has no context',
  ],
  [
    '{ a: { tier: production, docker: { d: { socket: /s, host: "tcp://h" } } } }',
    'give socket or host, not both',
  ],
  [
    '{ a: { tier: production, docker: { d: { mounts: [srv/data] } } } }',
    'environments.a.docker.d.mounts[0]: expected the full path of a folder',
  ],
  ...[
    '/',
    '/etc',
    '/var/run/docker.sock',
    '/srv/../etc',
    '/dev:ro',
    '/srv/',
    '/root/.ssh',
    '/etc/systemd/system',
    '/var/lib',
    '/usr/local/bin',
    '/usr:ro',
  ].map((mount) => [
    `{ a: { tier: production, docker: { d: { mounts: ["${mount}"] } } } }`,
    'environments.a.docker.d.mounts[0]: a container with this folder could take over the machine',
  ]),
  ['{}', 'environments: name at least one environment'],
])('environments: %s is refused', (text, message) => {
  expect(problemsIn(`${people}environments: ${text}\n`)).toEqual([expect.stringContaining(message)]);
});

test('a wrong address is refused without repeating its password', () => {
  for (const setting of [
    'database: { url: "mysql://u:hunter2@db" }',
    'database: "postgres://u:hunter2@db"',
  ]) {
    const [problem, ...others] = problemsIn(`${goodYaml}${setting}\n`);
    expect(problem).toMatch(/^reign\.yaml:14:\d+: database(\.url)?: expected/);
    expect(others).toEqual([]);
    expect(problem).not.toContain('hunter2');
  }
});

test('pods for steps need an image, and a port and a time that can be', () => {
  const problems = (sandbox: string) =>
    problemsIn(`${people}environments: { staging: { tier: nonproduction } }\nsandbox: ${sandbox}\n`).join(
      '\n',
    );
  expect(problems('{ backend: pod }')).toContain('sandbox.pod: backend is pod: say pod: { image: … } too');
  expect(problems('{ backend: pods }')).toMatch(/sandbox\.backend: .*"auto"/);
  expect(problems('{ pod: { namespace: reign } }')).toContain('sandbox.pod.image: is missing');
  expect(problems('{ pod: { image: a, port: 0, startWithin: soon, namespace: A_b } }')).toMatch(
    /namespace: expected a name.*|port: /s,
  );
  expect(problems('{ backend: pod, pod: { image: registry.example/reign:1.4 } }')).toBe('');
});
