import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { filterDockerWrite } from '../../src/sandbox/broker/docker-write.ts';
import { parseRequestPath, type RequestPath } from '../../src/sandbox/broker/request-path.ts';
import { readCompose } from '../../src/tools/docker/compose-file.ts';
import { projectOf } from '../../src/tools/docker/compose-project.ts';
import { serviceSchema } from '../../src/tools/docker/compose-schema.ts';

// What the tool makes of a compose file is judged by the broker: what the one takes the other must pass, and what
// reaches a host must get through neither.

const path = parseRequestPath('/containers/create?name=x') as RequestPath;

/** The broker's answer to each container of a file; undefined where the tool refuses the file. */
function judged(service: object): string[] | undefined {
  let project: ReturnType<typeof projectOf>;
  try {
    const file = stringify({
      services: { web: service },
      networks: { front: null },
      volumes: { data: null },
    });
    project = projectOf(readCompose(file, 'shop'), 'compose.yaml');
  } catch {
    return undefined;
  }
  return project.services.map(({ plan }) => {
    const body = Buffer.from(JSON.stringify(plan.body));
    const filtered = filterDockerWrite({ method: 'POST', path, contentType: 'application/json', body });
    return 'why' in filtered ? filtered.why : 'passed';
  });
}

const plainText = fc.stringMatching(/^[^$]{0,12}$/);

const harmless = fc.record(
  {
    image: fc.constantFrom('web:1', 'registry.example:5000/team/web'),
    command: fc.oneof(fc.constant('serve --all'), fc.array(plainText)),
    environment: fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), plainText),
    ports: fc.array(fc.constantFrom('8080:80', '127.0.0.1:53:53/udp')),
    volumes: fc.array(fc.constantFrom('data:/data', 'data:/data:ro', { type: 'tmpfs', target: '/tmp' })),
    networks: fc.constantFrom(['front'], ['front', 'default'], { front: { aliases: ['w'] } }),
    healthcheck: fc.constantFrom({ test: 'true', interval: '5s' }, { disable: true }),
    restart: fc.constantFrom('no', 'always'),
    mem_limit: fc.constantFrom('64m', 2 ** 30),
    cpus: fc.constantFrom(0.5, '2'),
    read_only: fc.boolean(),
    init: fc.boolean(),
    cap_drop: fc.constant(['ALL']),
    security_opt: fc.constant(['no-new-privileges:true']),
    logging: fc.constant({ driver: 'local', options: { 'max-size': '1m' } }),
    tmpfs: fc.constantFrom('/run', ['/run:size=1m']),
    labels: fc.constantFrom({ a: 'b' }, ['a=b']),
  },
  { requiredKeys: ['image'] },
);

const reaching = fc.constantFrom<[string, unknown]>(
  ['privileged', true],
  ['devices', ['/dev/sda:/dev/sda']],
  ['cap_add', ['SYS_ADMIN']],
  ['pid', 'host'],
  ['ipc', 'host'],
  ['uts', 'host'],
  ['userns_mode', 'host'],
  ['cgroup_parent', '/x'],
  ['network_mode', 'host'],
  ['network_mode', 'container:x'],
  ['volumes', ['/:/host']],
  ['volumes', ['/var/run/docker.sock:/s']],
  ['volumes', ['../x:/x']],
  ['volumes', [{ type: 'bind', source: '/', target: '/x' }]],
  ['volumes', [{ type: 'volume', source: '/', target: '/x' }]],
  ['volumes_from', ['other']],
  ['security_opt', ['apparmor:unconfined']],
  ['sysctls', { 'kernel.x': 1 }],
  ['runtime', 'evil'],
  ['logging', { driver: 'syslog' }],
  ['device_cgroup_rules', ['a *:* rwm']],
  ['gpus', 'all'],
);

it('what a compose file may say passes the broker', () => {
  fc.assert(
    fc.property(harmless, (service) => {
      expect(judged(service)).toEqual(['passed']);
    }),
    { numRuns: 500 },
  );
});

it('what reaches a host is refused, in whatever company', () => {
  fc.assert(
    fc.property(harmless, reaching, (service, [key, value]) => {
      const answer = judged({ ...service, [key]: value });
      expect(answer?.includes('passed') ?? false).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

it('no service gets a container through that the broker would refuse', () => {
  fc.assert(
    fc.property(
      harmless,
      fc.constantFrom(...Object.keys(serviceSchema.shape)),
      fc.jsonValue(),
      (service, key, value) => {
        for (const answer of judged({ ...service, [key]: value }) ?? []) expect(answer).toBe('passed');
      },
    ),
    { numRuns: 500 },
  );
});
