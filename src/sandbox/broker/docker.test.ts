import { describe, expect, it } from 'vitest';
import { judgeDocker } from './docker.ts';
import { filterDockerWrite } from './docker-write.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';

function request(method: string, target: string, body?: unknown) {
  const path = parseRequestPath(target) as RequestPath;
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return { method, path, contentType: 'application/json', body: bytes };
}

describe('reads', () => {
  it.each([
    '/_ping',
    '/v1.41/version',
    '/info',
    '/events?since=1',
    '/containers/json?all=true',
    '/v1.43/containers/web/json',
    '/containers/web/logs?follow=true',
    '/containers/web/stats?stream=false',
    '/images/json',
    '/images/registry.example:5000/team/web:1.2/json',
    '/images/team/web:1.2/get',
    '/networks',
    '/volumes/data',
    '/exec/abc/json',
  ])('pass: %s', (target) => {
    expect(judgeDocker(request('GET', target)).verdict).toBe('read');
  });

  it.each([
    '/containers/web/export',
    '/containers/web/archive?path=/etc',
    '/containers/web/attach/ws',
    '/images/get?names=web',
    '/distribution/web/json',
    '/session',
    '/secrets',
    '/v1.41/v1.41/info',
    '/vx/info',
    '/containers/web/JSON',
    '/containers/%77eb/json',
    '/info/x',
  ])('are refused: %s', (target) => {
    expect(judgeDocker(request('GET', target)).verdict).toBe('refuse');
    expect(judgeDocker(request('HEAD', target)).verdict).toBe('refuse');
  });

  it('need a rule to become writes', () => {
    expect(judgeDocker(request('POST', '/containers/web/restart')).verdict).toBe('write');
    expect(judgeDocker(request('PATCH', '/containers/web')).verdict).toBe('refuse');
  });
});

describe('creating a container', () => {
  const create = (body: object) =>
    filterDockerWrite(request('POST', '/v1.41/containers/create?name=web', body));

  it('passes what stays within the container, written anew', () => {
    const body = {
      Image: 'web:1',
      Env: ['A=b'],
      Labels: { a: 'b' },
      HostConfig: {
        ...{
          Privileged: false,
          Binds: ['data:/data:ro'],
          CapAdd: null,
          Devices: [],
          NetworkMode: 'shop',
          PidMode: '',
        },
        ...{ RestartPolicy: { Name: 'always' }, PortBindings: { '80/tcp': [{ HostPort: '8080' }] } },
        ...{ Mounts: [{ Type: 'volume', Source: 'data', Target: '/data' }], Memory: 1, IpcMode: 'private' },
      },
      NetworkingConfig: { EndpointsConfig: { shop: {} } },
    };
    expect(create(body)).toEqual({ body: Buffer.from(JSON.stringify(body)) });
  });

  it.each([
    { Privileged: true },
    { privileged: true },
    { PRIVILEGED: 1 },
    { Binds: ['/:/host'] },
    { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] },
    { Binds: ['../x:/x'] },
    { Binds: ['data:/data:shared'] },
    { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] },
    { Mounts: [{ type: 'bind', Type: 'volume', Source: 'x', Target: '/x' }] },
    {
      Mounts: [
        { Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Options: { device: '/' } } } },
      ],
    },
    { Mounts: [{ Type: 'npipe', Source: 'x', Target: 'y' }] },
    { NetworkMode: 'host' },
    { NetworkMode: 'container:other' },
    { PidMode: 'host' },
    { PidMode: 'container:other' },
    { IpcMode: 'host' },
    { UTSMode: 'host' },
    { UsernsMode: 'host' },
    { CgroupnsMode: 'host' },
    { CgroupParent: '/system.slice' },
    { Devices: [{ PathOnHost: '/dev/sda' }] },
    { DeviceRequests: [{ Count: -1 }] },
    { DeviceCgroupRules: ['a *:* rwm'] },
    { CapAdd: ['SYS_ADMIN'] },
    { SecurityOpt: ['seccomp=unconfined'] },
    { SecurityOpt: ['apparmor:unconfined'] },
    { MaskedPaths: [] },
    { ReadonlyPaths: [] },
    { VolumesFrom: ['other'] },
    { VolumeDriver: 'evil' },
    { GroupAdd: ['0'] },
    { Sysctls: { 'kernel.x': '1' } },
    { Runtime: 'evil' },
    { LogConfig: { Type: 'syslog' } },
    { OomScoreAdj: -1000 },
    { StorageOpt: { size: '1T' } },
    { Links: ['other:other'] },
    { Unknown: 'field' },
  ])('refuses HostConfig %j', (hostConfig) => {
    expect(create({ Image: 'web', HostConfig: hostConfig })).toHaveProperty('why');
  });

  it.each([
    { hostconfig: { Privileged: true } },
    { HostConfig: {}, HOSTCONFIG: { Privileged: true } },
    { Privileged: true },
    { HostConfig: [] },
    { NetworkingConfig: { EndpointsConfig: { host: {} } } },
    { NetworkingConfig: { endpointsconfig: { host: {} } } },
    { NetworkingConfig: { EndpointsConfig: { shop: { DriverOpts: { a: 'b' } } } } },
    { HostConfig: { maskedpaths: [] } },
    { HostConfig: { 'Ma\u017fkedPaths': [] } },
    { HostConfig: { MaskedPaths: null, READONLYPATHS: [] } },
    { Image: { evil: true } },
  ])('refuses %j', (body) => {
    expect(create(body)).toHaveProperty('why');
  });

  it.each([
    ['/containers/web/update', { Devices: [{}] }],
    ['/containers/web/exec', { Cmd: ['id'], Privileged: true }],
    ['/containers/web/exec', { Cmd: ['id'], PRIVILEGED: true }],
    ['/exec/abc/start', { Detach: false, Privileged: true }],
    ['/volumes/create', { Name: 'x', DriverOpts: { type: 'none', device: '/', o: 'bind' } }],
    ['/volumes/create', { Name: '/srv' }],
    ['/volumes/create', { Name: 'x', Driver: 'nfs' }],
    ['/networks/create', { Name: 'x', Driver: 'macvlan' }],
    ['/networks/create', { Name: 'x', Options: { 'com.docker.network.bridge.name': 'docker0' } }],
    ['/networks/create', { Name: 'x', IPAM: { Config: [{ Subnet: '10.0.0.0/8' }] } }],
    ['/networks/create', { Name: 'x', ConfigFrom: { Network: 'host' } }],
    ['/networks/create', { Name: 'x', Scope: 'swarm', Ingress: true }],
    ['/networks/host/connect', { Container: 'web' }],
    ['/networks/shop/connect', { Container: 'web', EndpointConfig: { Links: ['a'] } }],
    ['/build', { remote: 'x' }],
    ['/images/load', { x: 1 }],
    ['/services/create', { Name: 'x' }],
    ['/containers/web/start', { HostConfig: { Privileged: true } }],
  ])('refuses POST %s with %j', (target, body) => {
    expect(filterDockerWrite(request('POST', target, body))).toHaveProperty('why');
  });

  it.each([
    '/build?remote=http://evil.example/x.tar',
    '/v1.41/build',
    '/images/create?fromSrc=http://evil.example/x.tar',
    '/images/create?fromImage=web&fromSrc=-',
    '/build/prune',
    '/commit?container=web',
    '/containers/web/attach?stream=1',
    '/plugins/pull?remote=evil',
  ])('refuses POST %s without a body too', (target) => {
    expect(filterDockerWrite(request('POST', target))).toHaveProperty('why');
  });

  it('passes a pull by name', () => {
    expect(filterDockerWrite(request('POST', '/images/create?fromImage=web&tag=1'))).toEqual({});
    expect(filterDockerWrite(request('POST', '/images/create?fromImage=web&tag=1', {}))).toEqual({});
    expect(filterDockerWrite(request('POST', '/images/create?fromImage=web', { a: 1 }))).toHaveProperty(
      'why',
    );
  });

  it('passes writes without a body, updates of resources, commands and plain volumes', () => {
    expect(filterDockerWrite(request('POST', '/containers/web/restart'))).toEqual({});
    for (const [target, body] of [
      ['/containers/web/update', { Memory: 1, RestartPolicy: { Name: 'no' } }],
      ['/containers/web/exec', { Cmd: ['id'], AttachStdout: true }],
      ['/exec/abc/start', { Detach: false, Tty: false }],
      ['/containers/web/stop?t=10', { t: 10 }],
      ['/containers/web/restart?t=10', { t: 10 }],
      ['/volumes/create', { Name: 'x', Labels: { a: 'b' } }],
      ['/networks/create', { Name: 'x', Driver: 'bridge', CheckDuplicate: true, Labels: { a: 'b' } }],
      ['/networks/shop/connect', { Container: 'web', EndpointConfig: { Aliases: ['web'] } }],
    ] as const)
      expect(filterDockerWrite(request('POST', target, body))).toHaveProperty('body');
  });
});

it.each([
  ['/containers/abc?force=true', true],
  ['/containers/abc?force=true&v=true', false],
  ['/containers/abc?link=1', false],
  ['/images/web:1?noprune=false', false],
  ['/volumes/data', true],
])('of a deletion only its force is passed on: %s', (target, passes) => {
  expect('why' in filterDockerWrite(request('DELETE', target))).toBe(!passes);
});

it('takes a body for JSON only where it is sent as JSON', () => {
  const asForm = {
    ...request('POST', '/volumes/create', { Name: 'x' }),
    contentType: 'application/x-www-form-urlencoded',
  };
  expect(filterDockerWrite(asForm)).toHaveProperty('why');
});

describe('a build', () => {
  const build = (query: string, contentType = 'application/tar') =>
    filterDockerWrite({ ...request('POST', `/build${query}`), contentType });

  it('passes with what it is called, where its file is, and limits', () => {
    const labels = encodeURIComponent('{"a":"b"}');
    const query = `?t=corp/api:1.2&dockerfile=docker/Dockerfile.prod&rm=true&labels=${labels}&memory=1000000&networkmode=bridge`;
    expect(build(query)).toEqual({});
    expect(build('', 'application/x-tar')).toEqual({});
  });

  it.each([
    '?remote=http://evil.example/x.tar',
    '?Remote=x',
    '?t=a&remote=x&t=b',
    '?networkmode=host',
    '?networkmode=bridge&networkmode=host',
    '?networkmode=container:web',
    '?extrahosts=a:1.2.3.4',
    '?version=2',
    '?session=abc',
    '?outputs=%5B%7B%22type%22%3A%22local%22%7D%5D',
    '?cgroupparent=/system',
    '?securityopt=%5B%5D',
    '?ulimits=%5B%5D',
    '?buildargs=%7B%7D',
    '?cachefrom=%5B%22x%22%5D',
    '?squash=1',
    '?target=x',
    '?secrets=x',
    '?ssh=default',
    '?dockerfile=../Dockerfile',
    '?dockerfile=/etc/passwd',
    '?dockerfile=http://evil.example/Dockerfile',
    '?rm=perhaps',
    '?toString=1',
  ])('is refused with %s', (query) => {
    expect(build(query)).toHaveProperty('why');
  });

  it.each(['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data', ''])(
    'is refused as %s',
    (contentType) => {
      expect(build('?t=a', contentType)).toHaveProperty('why');
    },
  );
});
