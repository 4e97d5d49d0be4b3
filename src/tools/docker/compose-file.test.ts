import { expect, test } from 'vitest';
import { readCompose } from './compose-file.ts';
import { projectOf } from './compose-project.ts';

const read = (text: string) => projectOf(readCompose(text, 'My Shop'), 'compose.yaml');

test('names, labels and order are those of Compose', () => {
  const project = read(`
x-common: &common { restart: always }
services:
  web:
    <<: *common
    image: corp/web:\${TAG:-3}
    command: serve --port 80
    environment: { MODE: fast, PRICE: $$5 }
    ports: ["8080:80", "127.0.0.1:9000:90", { target: 53, published: 53, protocol: udp }]
    volumes: ["pages:/pages:ro", { type: tmpfs, target: /tmp }]
    depends_on: { db: { condition: service_healthy } }
    networks: [front, back]
    x-note: anything
  db:
    image: postgres:16
    healthcheck: { test: pg_isready, interval: 1m30s }
    deploy: { resources: { limits: { memory: 1G, cpus: "0.5" } } }
    networks: { back: { aliases: [database] } }
  tool: { image: tool:1, profiles: [debug] }
networks: { front: , back: { internal: true } }
volumes: { pages: }
`);
  expect(project.services.map(({ plan }) => plan.name)).toEqual(['myshop-db-1', 'myshop-web-1']);
  const [db, web] = project.services;
  expect(web?.after).toEqual({ db: true });
  expect(web?.plan.body).toMatchObject({
    Image: 'corp/web:3',
    Cmd: ['serve', '--port', '80'],
    Env: ['MODE=fast', 'PRICE=$5'],
    Labels: { 'com.docker.compose.project': 'myshop', 'com.docker.compose.service': 'web' },
    HostConfig: {
      ...{ Binds: ['myshop_pages:/pages:ro'], Tmpfs: { '/tmp': '' }, RestartPolicy: { Name: 'always' } },
      PortBindings: {
        '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }],
        '90/tcp': [{ HostIp: '127.0.0.1', HostPort: '9000' }],
        '53/udp': [{ HostIp: '0.0.0.0', HostPort: '53' }],
      },
      NetworkMode: 'myshop_front',
    },
    NetworkingConfig: { EndpointsConfig: { myshop_front: { Aliases: ['web'] } } },
  });
  expect(web?.plan.networks).toEqual({ myshop_back: { Aliases: ['web'] } });
  expect(db?.plan.body).toMatchObject({
    Healthcheck: { Test: ['CMD-SHELL', 'pg_isready'], Interval: 90e9 },
    HostConfig: { Memory: 1024 ** 3, NanoCpus: 5e8 },
  });
  expect(project.networks.find(({ name }) => name === 'myshop_back')).toMatchObject({ internal: true });
});

test.each([
  ['{ privileged: true }', 'privileged could reach the host'],
  ['{ devices: [/dev/sda] }', 'devices could reach the host'],
  ['{ cap_add: [SYS_ADMIN] }', 'cap_add could reach the host'],
  ['{ pid: host }', 'pid could reach the host'],
  ['{ network_mode: host }', 'network_mode could reach the host'],
  ['{ network_mode: "container:x" }', 'could reach the host'],
  ['{ security_opt: ["seccomp:unconfined"] }', 'could reach the host'],
  ['{ volumes: ["/:/host"] }', 'would mount a folder of the machine'],
  ['{ volumes: ["./x:/x"] }', 'would mount a folder of the machine'],
  ['{ volumes: ["/var/run/docker.sock:/s"] }', 'would mount a folder of the machine'],
  ['{ volumes: [{ type: bind, source: /, target: /x }] }', 'would mount a folder of the machine'],
  ['{ volumes: [{ type: bind, source: data, target: /x }] }', 'would mount a folder of the machine'],
  ['{ volumes: ["none:/x"] }', 'no volume none'],
  ['{ env_file: .env }', 'env_file is not supported'],
  ['{ secrets: [x] }', 'secrets is not supported'],
  ['{ environment: [TOKEN] }', 'TOKEN has no value'],
  ['{ command: $HOME }', 'HOME has no value'],
  [`{ command: "\${A:+b}" }`, 'not supported'],
  ['{ image: "" }', 'no name of an image'],
  ['{ ports: ["80"] }', 'one of the host'],
  ['{ ports: ["1-2:1-2"] }', 'no port'],
  ['{ depends_on: [a] }', 'wait for each other'],
  ['{ depends_on: [zzz] }', 'wait for each other'],
  ['{ networks: [zzz] }', 'no network zzz'],
])('a service %s is refused', (service, words) => {
  const text = `services: { a: ${service.replace(/^\{/, '{ image: "x:1",').replace('image: "x:1", image', 'image')} }`;
  expect(() => read(text)).toThrow(words);
});

test.each([
  '',
  '[]',
  'services:',
  'services: { a: }',
  'a: &a [*a]',
  'services: {a: {build: .}}',
  '{',
  'secrets: {}',
])('%j is no project', (text) => {
  expect(() => read(text)).toThrow();
});

test('folders of the machine are mounted where they are listed, exactly those, and only to read where it says so', () => {
  const listed = ['/srv/uploads', '/srv/keys:ro'];
  const bindsOf = (volumes: string) =>
    projectOf(readCompose(`services: { a: { image: "x:1", volumes: ${volumes} } }`, 'shop'), 'f', listed)
      .services[0]?.plan.body.HostConfig['Binds'];
  const binds = bindsOf(
    '["/srv/uploads:/up", "/srv/keys:/k:ro", { type: bind, source: /srv/uploads, target: /u }]',
  );
  expect(binds).toEqual(['/srv/uploads:/up', '/srv/keys:/k:ro', '/srv/uploads:/u']);
  for (const volumes of [
    '["/srv/keys:/k"]',
    '["/srv/uploads/x:/x"]',
    '["/srv/uploads/../x:/x"]',
    '["/srv:/x"]',
  ])
    expect(() => bindsOf(volumes)).toThrow('open to containers are: /srv/uploads, /srv/keys:ro');
});
