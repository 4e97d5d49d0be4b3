import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterDockerWrite } from './docker-write.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';

type Fields = Record<string, unknown>;

/** What the engine would understand of a container that reaches its host. */
const ways: { [field: string]: unknown[] } = {
  Privileged: [true, 1],
  Binds: [['/:/host'], ['data:/data', '/var/run/docker.sock:/s'], ['./x:/x']],
  Mounts: [
    [{ Type: 'bind', Source: '/', Target: '/host' }],
    [{ type: 'bind', source: '/', target: '/x' }],
    [{ Type: 'volume', tYPE: 'bind', Source: 'data', Target: '/x' }],
    [{ Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Options: { device: '/' } } } }],
  ],
  NetworkMode: ['host', 'container:other'],
  PidMode: ['host', 'container:other'],
  IpcMode: ['host', 'container:other', 'shareable'],
  UTSMode: ['host'],
  UsernsMode: ['host'],
  CgroupnsMode: ['host'],
  CgroupParent: ['/system.slice'],
  Devices: [[{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }]],
  DeviceRequests: [[{ Count: -1, Capabilities: [['gpu']] }]],
  DeviceCgroupRules: [['a *:* rwm']],
  CapAdd: [['SYS_ADMIN'], ['ALL']],
  Capabilities: [['CAP_SYS_ADMIN']],
  SecurityOpt: [['seccomp=unconfined'], ['no-new-privileges', 'apparmor=unconfined'], ['label=disable']],
  MaskedPaths: [[], ['/proc/kcore']],
  ReadonlyPaths: [[], ['/proc/bus']],
  VolumesFrom: [['other'], ['other:ro']],
  VolumeDriver: ['evil'],
  GroupAdd: [['0']],
  Sysctls: [{ 'kernel.core_pattern': '|/x' }],
  Runtime: ['evil'],
  OomScoreAdj: [-1000],
  Links: [['other:x']],
  LogConfig: [
    { Type: 'syslog', Config: { 'syslog-address': 'unix:///dev/log' } },
    { Type: 'local', type: 'syslog' },
    { TYPE: 'fluentd' },
    { Type: ['local', 'syslog'] },
  ],
};

const harmless: Fields = {
  Memory: 1,
  NetworkMode: 'shop',
  Binds: ['data:/data'],
  CapAdd: [],
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  RestartPolicy: { Name: 'always' },
  LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
  Privileged: false,
  MaskedPaths: null,
};

/** The spellings that the engine takes for the same name: any case, and two letters that fold into ASCII. */
const spelled = (name: string) =>
  fc.array(fc.integer({ min: 0, max: 2 }), { minLength: name.length, maxLength: name.length }).map((how) =>
    [...name]
      .map((letter, at) => {
        if (how[at] === 0) return letter;
        if (how[at] === 1)
          return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
        return { s: '\u017f', S: '\u017f', k: '\u212a', K: '\u212a' }[letter] ?? letter;
      })
      .join(''),
  );

const wrong = fc
  .constantFrom(...Object.keys(ways))
  .chain((name) =>
    fc.tuple(fc.oneof(fc.constant(name), spelled(name)), fc.constantFrom(...(ways[name] ?? []))),
  );

const plain = fc
  .subarray(Object.keys(harmless))
  .map((names) => names.map((name): [string, unknown] => [name, harmless[name]]));

/** The wrong field stands somewhere among harmless ones, in HostConfig or in another spelling of it. */
const bodies = fc
  .tuple(plain, wrong, fc.nat(9), fc.oneof(fc.constant('HostConfig'), spelled('HostConfig')))
  .map(([fields, bad, at, host]): Fields => {
    const kept = fields.filter(([name]) => name !== bad[0]);
    const mixed = [...kept.slice(0, at), bad, ...kept.slice(at)];
    return { Image: 'web', [host]: Object.fromEntries(mixed) };
  });

const path = parseRequestPath('/v1.41/containers/create') as RequestPath;
const create = (body: Fields, mounts: readonly string[] = []) =>
  filterDockerWrite(
    {
      ...{ method: 'POST', path, contentType: 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    },
    mounts,
  );

it('no spelling and no company gets a container through that reaches its host', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      expect(create(body)).toHaveProperty('why');
    }),
    { numRuns: 3000 },
  );
});

it('what is harmless passes, whichever part of it', () => {
  fc.assert(
    fc.property(plain, (fields) => {
      expect(create({ Image: 'web', HostConfig: Object.fromEntries(fields) })).toHaveProperty('body');
    }),
  );
});

it('no JSON makes it throw, and what passes says nothing but what was looked at', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const filtered = create(value);
      if ('body' in filtered) expect(JSON.parse(String(filtered.body))).toEqual(value);
      else expect(filtered).toHaveProperty('why');
    }),
    { numRuns: 1000 },
  );
});

it('a folder of the host is mounted only where the connection lists it, exactly so', () => {
  const mounts = ['/srv/uploads', '/srv/keys:ro'];
  const binds = (bind: unknown) => create({ Image: 'web', HostConfig: { Binds: [bind] } }, mounts);
  for (const bind of ['/srv/uploads:/up', '/srv/uploads:/up:ro', '/srv/keys:/k:ro', 'data:/data'])
    expect(binds(bind), bind).toHaveProperty('body');
  const refused = [
    ...[
      '/srv/keys:/k',
      '/srv/keys:/k:rw',
      '/srv/uploads:/up:rw',
      '/srv/uploads:/up:ro,shared',
      '/srv/uploads',
    ],
    ...[
      '/srv/uploads/:/up',
      '/srv/uploads/x:/x',
      '/srv/uploads/../../etc:/e',
      '/srv:/x',
      '/:/x',
      '//srv/uploads:/x',
    ],
    ...[
      '/srv/uploads:up',
      '/srv/uploads:/up::ro',
      ['/srv/uploads:/up'],
      '/SRV/uploads:/x',
      '/srv/keys:ro:/k',
    ],
  ];
  for (const bind of refused) expect(binds(bind), String(bind)).toHaveProperty('why');
  const mount = { Type: 'bind', Source: '/srv/uploads', Target: '/up' };
  expect(create({ Image: 'web', HostConfig: { Mounts: [mount] } }, mounts)).toHaveProperty('why');
});

it('without a list no folder of the host passes', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('', ':ro'), (folder, mode) => {
      expect(create({ Image: 'web', HostConfig: { Binds: [`/${folder}:/x${mode}`] } })).toHaveProperty('why');
    }),
  );
});
