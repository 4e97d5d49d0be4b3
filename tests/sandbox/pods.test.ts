import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../src/domain/ports/sandbox.ts';
import type { LinkFile } from '../../src/sandbox/pod/wire.ts';
import type { Reply } from '../demo-cluster/support.ts';
import { processesWith } from './support/engine.ts';
import { canPlayPods, namespace, openPodBed, type PodBed } from './support/pods.ts';
import {
  buildDoomed,
  buildTestHost,
  cluster,
  openSandbox,
  resultOf,
  runSnippet,
  type TestBed,
} from './support/sandbox.ts';

/** What kubectl prints as JSON. */
type Found = Reply['body'];

// Steps in pods of the demo cluster, which a stand-in for the kubelet runs (tests/support/kubelet says what it plays).

describe.skipIf(!canPlayPods())('steps in pods', () => {
  let bed: TestBed;
  let pods: PodBed;
  let sandbox: Sandbox;

  beforeAll(async () => {
    bed = await buildTestHost();
    pods = await openPodBed([bed.codeFolder]);
    sandbox = await openSandbox(bed, {}, { backend: 'pod', pod: pods.pod, poolSize: 0 });
  });
  afterAll(async () => {
    await sandbox?.close();
    await pods?.stop();
    bed?.remove();
  });

  const open = (from = sandbox) => from.open({ planId: `p-${randomUUID()}`, profile: 'tool' });
  const items = async (kind: string): Promise<Found[]> =>
    JSON.parse(await pods.kubectl('get', kind, '-o', 'json')).items;
  const names = async (...kinds: string[]): Promise<string[]> =>
    (await Promise.all(kinds.map(items))).flat().map((each: Found) => each.metadata.name);
  const linkOf = async (name: string): Promise<LinkFile> => {
    const { data } = JSON.parse(await pods.kubectl('get', 'secret', name, '-o', 'json'));
    return JSON.parse(Buffer.from(data['link.json'], 'base64').toString());
  };

  /** What the worker answers to a connection that begins so; empty when it hangs up. */
  const greet = async ({ port, certificate }: LinkFile, line: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port, ca: certificate, servername: 'reign-worker' });
    socket.on('error', () => {});
    socket.write(line);
    const said = await Promise.race([
      once(socket, 'data').then(([data]) => String(data)),
      once(socket, 'close'),
    ]);
    socket.destroy();
    return typeof said === 'string' ? said : '';
  };

  it('are Jobs that pod security "restricted" allows, and go with everything they had', async () => {
    const session = await open();
    const deadline = new Date(Date.now() + 40_000);
    await runSnippet(session, 'return true', { deadline });
    const [job] = await items('jobs');
    const { spec } = job.spec.template;
    expect(job.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 60 });
    await vi.waitFor(
      async () => expect((await items('jobs'))[0].spec.activeDeadlineSeconds).toBeLessThan(60),
      20_000,
    );
    expect(spec).toMatchObject({
      ...{ restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false },
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.containers[0]).toMatchObject({
      securityContext: {
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, privileged: false },
        capabilities: { drop: ['ALL'] },
      },
      resources: { limits: { cpu: '1', 'ephemeral-storage': '2304Mi' } },
    });
    const [secret] = (await items('secrets')).filter(
      ({ metadata }: Found) => metadata.name === job.metadata.name,
    );
    expect(secret.metadata.ownerReferences).toMatchObject([{ kind: 'Job', uid: job.metadata.uid }]);
    const { token } = await linkOf(job.metadata.name);
    expect(token).toHaveLength(43);
    expect(JSON.stringify([await items('jobs'), await items('pods')])).not.toContain(token);
    expect(processesWith(token)).toEqual([]);
    await session.close();
    await vi.waitFor(async () => expect(await names('jobs', 'pods', 'secrets')).toEqual([]), 10_000);
  });

  it('see no more than their pod: no root, no capability, nothing to write but their folders, nothing of the worker', async () => {
    process.env['REIGN_PLANTED'] = 'planted';
    const session = await open();
    delete process.env['REIGN_PLANTED'];
    const source = `const fs = await load('node:fs'); const cp = await load('node:child_process');
      const write = (path) => { try { fs.writeFileSync(path, 'x'); return 'written'; } catch (error) { return error.code; } };
      const read = (path) => { try { return fs.readFileSync(path, 'utf8'); } catch (error) { return error.code; } };
      const status = fs.readFileSync('/proc/self/status', 'utf8');
      const ids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
      return { uid: process.getuid(), caps: [...status.matchAll(/^Cap\\w+:\\s+(\\w+)$/gm)].map((m) => m[1]), noNew: /NoNewPrivs:\\s+1/.test(status),
        writes: ['/new', '/usr/new', '${bed.codeFolder}/new', '/run/reign-link/new', '/work/a', '/tmp/a'].map(write),
        token: read('/var/run/secrets/kubernetes.io/serviceaccount/token'), shadow: read('/etc/shadow'),
        env: Object.keys(process.env).sort(), environ: ids.map((id) => read('/proc/' + id + '/environ')).join(), processes: ids.length, cwd: process.cwd() };`;
    const seen = await resultOf<Record<string, unknown>>(session, source);
    expect(seen).toMatchObject({ uid: 10_001, noNew: true, cwd: '/work', token: 'ENOENT', shadow: 'ENOENT' });
    expect(seen['caps']).toEqual(Array(5).fill('0000000000000000'));
    expect(seen['writes']).toEqual(['EROFS', 'EROFS', 'EROFS', 'EROFS', 'written', 'written']);
    expect(seen['env']).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR']);
    expect(seen['environ']).not.toContain('planted');
    expect(seen['processes']).toBe(2);
    await session.close();
  });

  it('reach their broker, which judges them as ever, and nothing else (the stand-in enforces the policy of docs/step-pods.yaml)', async () => {
    const session = await open();
    const { hostname: host, port } = new URL(pods.url);
    const dial = (
      target: object,
    ) => `await new Promise((resolve) => { const s = net.connect(${JSON.stringify(target)});
      s.on('connect', () => { s.destroy(); resolve('connected'); }); s.on('error', (error) => resolve(error.code)); })`;
    const source = `const net = await load('node:net');
      return [${dial({ host, port: Number(port) })}, ${dial({ host: '192.0.2.1', port: 53 })}, ${dial({ path: '/run/reign/broker.sock' })}];`;
    expect(await resultOf(session, source)).toEqual(['ECONNREFUSED', 'ENETUNREACH', 'connected']);
    const asking = `const http = await load('node:http'); const { socketPath, baseUrl } = access.connect('${cluster}');
      return new Promise((resolve, reject) => { http.get({ socketPath, path: '/../x', headers: { host: new URL(baseUrl).host } }, (answer) => resolve([answer.statusCode, answer.headers['x-reign-fault']])).on('error', reject); });`;
    const grant = { connections: [cluster] };
    expect(await resultOf(session, asking, { grant })).toEqual([403, 'refused']);
    await session.close();
  });

  it('are let in by their own token alone, once, and not after their end', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const [first = '', second = ''] = await names('jobs');
    const [link, other] = await Promise.all([linkOf(first), linkOf(second)]);
    expect(link.token).not.toBe(other.token);
    expect(await greet(link, `${'x'.repeat(43)} broker\n`)).toBe('');
    expect(await greet(link, `${link.token} control\n`)).toBe('');
    expect(await greet(link, `${link.token} shell\n`)).toBe('');
    expect(await greet(link, `${link.token} broker\nGET / HTTP/1.1\r\n\r\n`)).toBe('');
    expect(await greet(link, `${'x'.repeat(500)}`)).toBe('');
    expect(await greet(link, `${link.token} broker\n`)).toBe('ok\n');
    await Promise.all([one.close(), two.close()]);
    expect(await greet(link, `${link.token} broker\n`)).toBe('');
  });

  it('do not run in a pod that no NetworkPolicy bounds, and the words say so', async () => {
    const loose = await openPodBed([bed.codeFolder], false);
    const unbounded = await openSandbox(bed, {}, { backend: 'pod', pod: loose.pod, poolSize: 0 });
    await expect(open(unbounded)).rejects.toThrow(/network of this pod is open.*docs\/operations\.md/s);
    await unbounded.close();
    await loose.stop();
  });

  it('are ended by the cluster alone when nobody else does', async () => {
    const session = await open();
    const [name = ''] = await names('jobs');
    const running = runSnippet(session, 'await access.sleep(60_000)', {
      deadline: new Date(Date.now() + 60_000),
    });
    await vi.waitFor(
      async () => expect((await items('jobs'))[0].spec.activeDeadlineSeconds).toBeLessThan(90),
      20_000,
    );
    await pods.kubectl('patch', 'job', name, '-p', '{"spec":{"activeDeadlineSeconds":1}}');
    const reply = await running;
    expect(reply).toMatchObject({ ok: false, fault: { code: 'internal' } });
    const [job] = (await items('jobs')).filter(({ metadata }: Found) => metadata.name === name);
    if (job !== undefined) expect(JSON.stringify(job.status)).toContain('DeadlineExceeded');
    await session.close();
  });

  it('end with a worker that was killed, and the next one removes what is left', async () => {
    const entry = await buildDoomed(bed);
    const mark = randomUUID();
    const given = { ...pods.pod, port: pods.pod.port, access: await pods.pod.access() };
    await sandbox.close();
    const args = [entry, bed.folder, bed.stepHost, bed.codeFolder, mark, JSON.stringify(given)];
    const worker = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(worker.stdout, 'data');
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(2);
    const [left] = await names('jobs');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    await vi.waitFor(() => expect(processesWith(mark)).toEqual([]), 20_000);
    expect(await names('jobs')).toEqual([left]);
    sandbox = await openSandbox(bed, {}, { backend: 'pod', pod: pods.pod, poolSize: 0 });
    await vi.waitFor(async () => expect(await names('jobs', 'secrets')).toEqual([]), 20_000);
  });

  it('belong to the pod of their worker and go with it', async () => {
    const own = hostname().toLowerCase();
    await pods.kubectl('run', own, '--image', 'registry.demo/reign:1');
    await sandbox.close();
    sandbox = await openSandbox(bed, {}, { backend: 'pod', pod: pods.pod, poolSize: 0 });
    const session = await open();
    const [job] = await items('jobs');
    expect(job.metadata.ownerReferences).toMatchObject([{ kind: 'Pod', name: own }]);
    await pods.kubectl('delete', 'pod', own, '--wait=false');
    await vi.waitFor(async () => expect(await names('jobs', 'pods', 'secrets')).toEqual([]), 10_000);
    expect(await runSnippet(session, 'return true')).toMatchObject({ ok: false });
    await session.close();
  });

  it('are refused with the words of the cluster where it does not allow them', async () => {
    const as = (headers: Record<string, string>, url = pods.url) =>
      openSandbox(
        bed,
        {},
        {
          ...{ backend: 'pod', poolSize: 0 },
          pod: { ...pods.pod, port: 0, access: async () => ({ url, headers, secrets: [] }) },
        },
      );
    const { headers } = await pods.pod.access();
    await expect(as({ ...headers, 'impersonate-user': 'mallory' })).rejects.toMatchObject({
      fault: {
        code: 'not-allowed',
        message: expect.stringMatching(/"mallory" cannot .*docs\/step-pods\.yaml/),
      },
    });
    await expect(as({ ...headers }, 'http://127.0.0.1:9')).rejects.toMatchObject({
      fault: { code: 'unreachable', message: expect.stringContaining('cannot be reached') },
    });
    const quota = { metadata: { name: 'small' }, spec: { hard: { 'count/jobs.batch': '0' } } };
    await pods.api('POST', `/api/v1/namespaces/${namespace}/resourcequotas`, quota);
    await expect(open()).rejects.toMatchObject({
      fault: { code: 'refused', message: expect.stringMatching(/exceeded quota: small.*Raise the quota/) },
    });
    await pods.kubectl('delete', 'quota', 'small');
  });

  it('say why a pod does not start', async () => {
    const pod = { ...pods.pod, port: 0, image: 'registry.nowhere/reign:1' };
    const lost = await openSandbox(bed, {}, { backend: 'pod', poolSize: 0, pod });
    await expect(open(lost)).rejects.toThrow(/could not be started: it ImagePullBackOff/);
    expect(await names('jobs')).toEqual([]);
    await lost.close();
  });

  it('need no more rights than docs/step-pods.yaml gives, and real kubectl takes that file', async () => {
    const file = new URL('../../docs/step-pods.yaml', import.meta.url).pathname;
    expect(await pods.kubectl('apply', '-f', file)).toContain(
      'role.rbac.authorization.k8s.io/reign-steps created',
    );
    const role = JSON.parse(await pods.kubectl('get', 'role', 'reign-steps', '-o', 'json'));
    expect(role.metadata.namespace).toBe(namespace);
    expect(role.rules.map(({ resources }: Found) => resources)).toEqual([['jobs'], ['pods'], ['secrets']]);
  });
});
