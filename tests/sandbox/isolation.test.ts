import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, StepSession } from '../../src/domain/ports/sandbox.ts';
import { hasBubblewrap } from './support/engine.ts';
import { buildTestHost, openSandbox, resultOf, type TestBed } from './support/sandbox.ts';

const isRoot = process.getuid?.() === 0;

describe.skipIf(!hasBubblewrap())('a step under bubblewrap', () => {
  let bed: TestBed;
  let sandbox: Sandbox;
  let session: StepSession;
  let planted: string;
  const servers: Server[] = [];

  const listen = async (server: Server, where: string | { port: number; host: string }): Promise<void> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(where, resolve));
  };

  beforeAll(async () => {
    bed = await buildTestHost();
    planted = mkdtempSync(join(homedir(), 'reign-planted-'));
    writeFileSync(join(planted, 'secret'), 'planted');
    mkdirSync(join(bed.folder, '.reign'));
    writeFileSync(join(bed.folder, '.reign', 'key'), 'planted');
    writeFileSync(join(bed.codeFolder, 'root-only'), 'planted', { mode: 0o600 });
    sandbox = await openSandbox(bed, {});
    session = await sandbox.open({ planId: 'p-one', profile: 'tool' });
  });

  afterAll(async () => {
    await sandbox?.close();
    for (const server of servers) server.close();
    rmSync(planted, { recursive: true, force: true });
    bed.remove();
  });

  const reading = (path: string) =>
    resultOf<string>(
      session,
      `const fs = await load('node:fs'); try { return fs.readFileSync(${JSON.stringify(path)}, 'utf8'); } catch (e) { return e.code; }`,
    );

  it('finds none of the files that lie outside of its list', async () => {
    for (const path of [
      join(planted, 'secret'),
      join(bed.folder, '.reign', 'key'),
      '/etc/shadow',
      '/etc/hostname',
      join(homedir(), '.bashrc'),
      '/var/lib/dpkg/status',
      '/sys/kernel/notes',
    ])
      expect(await reading(path), path).toBe('ENOENT');
  });

  it('sees only the folders of its root', async () => {
    const root = await resultOf<string[]>(session, `return (await load('node:fs')).readdirSync('/')`);
    const expected = [
      'bin',
      'dev',
      'etc',
      'lib',
      'lib32',
      'lib64',
      'opt',
      'proc',
      'reign',
      'run',
      'sbin',
      'tmp',
      'usr',
      'work',
    ];
    expect(root.filter((name) => !expected.includes(name))).toEqual([]);
    const etc = await resultOf<string[]>(session, `return (await load('node:fs')).readdirSync('/etc')`);
    expect(etc).toContain('passwd');
    expect(await reading('/etc/passwd')).toMatch(/^reign:x:\d+:\d+::\/work:\/bin\/sh\n$/);
    expect(await resultOf(session, `return (await load('node:fs')).readdirSync('/run')`)).toEqual(['reign']);
  });

  it.runIf(isRoot)('cannot read a file that is mounted but for root alone', async () => {
    expect(await reading('/reign/dist/root-only')).toBe('EACCES');
  });

  it('cannot write to the code, the system or the root', async () => {
    const codes = await resultOf<string[]>(
      session,
      `const fs = await load('node:fs');
       return ['/reign/dist/host.mjs', '/reign/new', '/usr/new', '/new', '/etc/passwd', '/run/reign/new'].map((path) => {
         try { fs.writeFileSync(path, 'x'); return 'written'; } catch (e) { return e.code; } });`,
    );
    expect(codes.every((code) => code === 'EROFS' || code === 'EACCES')).toBe(true);
  });

  it('can write to its own folder and to /tmp', async () => {
    const source = `const fs = await load('node:fs');
      fs.writeFileSync('/work/a', 'mine'); fs.writeFileSync('/tmp/a', 'mine');
      return [process.cwd(), access.workFolder, fs.readFileSync('/work/a', 'utf8')];`;
    expect(await resultOf(session, source)).toEqual(['/work', '/work', 'mine']);
  });

  it('is no root, has no groups and no capabilities, and cannot get any', async () => {
    const source = `const fs = await load('node:fs'); const cp = await load('node:child_process');
      const status = fs.readFileSync('/proc/self/status', 'utf8');
      const names = ['/usr/bin/unshare', '/usr/bin/mount', '/bin/su'];
      return { uid: process.getuid(), euid: process.geteuid(), groups: process.getgroups().filter((g) => g !== process.getgid()).filter((g) => g !== 65534),
        caps: [...status.matchAll(/^Cap\\w+:\\s+(\\w+)$/gm)].map((m) => m[1]), noNew: /NoNewPrivs:\\s+1/.test(status), seccomp: /Seccomp:\\s+2/.test(status),
        unshare: cp.spawnSync('/usr/bin/unshare', ['-U', 'true']).status, mount: cp.spawnSync('/usr/bin/mount', ['-t', 'tmpfs', 'x', '/tmp']).status };`;
    const seen = await resultOf<Record<string, unknown>>(session, source);
    expect(seen.uid).not.toBe(0);
    expect(seen.euid).toBe(seen.uid);
    expect(seen.groups).toEqual([]);
    expect(seen.caps).toEqual(Array(5).fill('0000000000000000'));
    expect(seen).toMatchObject({ noNew: true, seccomp: true });
    expect(seen.unshare).not.toBe(0);
    expect(seen.mount).not.toBe(0);
  });

  it('sees no process but its own and nothing of their environments', async () => {
    const source = `const fs = await load('node:fs');
      const ids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
      const read = (id) => { try { return fs.readFileSync('/proc/' + id + '/environ', 'utf8'); } catch { return ''; } };
      return { ids, environ: ids.map(read).join('|'), env: process.env, argv: fs.readFileSync('/proc/1/cmdline', 'utf8') };`;
    process.env.REIGN_PLANTED = 'planted';
    const other = await sandbox.open({ planId: 'p-env', profile: 'tool' });
    const seen = await resultOf<{
      ids: string[];
      environ: string;
      argv: string;
      env: Record<string, string>;
    }>(other, source);
    expect(seen.ids.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(seen)).not.toContain('planted');
    expect(seen.argv).not.toContain(bed.folder);
    expect(Object.keys(seen.env).sort()).toEqual(['HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR']);
    await other.close();
    delete process.env.REIGN_PLANTED;
  });

  const connecting = (target: object) =>
    resultOf<string>(
      session,
      `const net = await load('node:net');
       return new Promise((resolve) => { const s = net.connect(${JSON.stringify(target)}); s.on('connect', () => resolve('connected')); s.on('error', (e) => resolve(e.code)); });`,
    );

  it('reaches no server of this machine', async () => {
    const server = createHttpServer((_, response) => response.end('planted'));
    await listen(server, { port: 0, host: '127.0.0.1' });
    const { port } = server.address() as AddressInfo;
    expect(await connecting({ port, host: '127.0.0.1' })).toBe('ECONNREFUSED');
    expect(await connecting({ port: 53, host: '192.0.2.1' })).toBe('ENETUNREACH');
  });

  it('reaches no unix socket of this machine, abstract ones included', async () => {
    const path = join(bed.folder, 'host.sock');
    await listen(createServer(), path);
    expect(await connecting({ path })).toBe('ENOENT');
    const abstract = '\0reign-planted';
    await listen(createServer(), abstract);
    expect(await connecting({ path: abstract })).toBe('ECONNREFUSED');
    const found = await resultOf<string>(
      session,
      `const cp = await load('node:child_process'); return cp.execFileSync('/usr/bin/find', ['/run', '/tmp', '/work', '/etc', '/reign', '/dev/shm', '!', '-type', 'd', '-exec', 'test', '-S', '{}', ';', '-print'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });`,
    );
    expect(found).toBe('/run/reign/broker.sock\n');
    expect(await connecting({ path: '/run/reign/broker.sock' })).toBe('connected');
  });

  it('opens no sockets of families that no network namespace bounds, and no foreign descriptors', async () => {
    const source = `const fs = await load('node:fs'); const cp = await load('node:child_process');
      const python = cp.spawnSync('python3', ['-c', 'import socket; socket.socket(40, 1)'], { encoding: 'utf8' });
      const links = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });
      return { missing: python.error?.code ?? null, error: python.stderr, files: links.filter((link) => link.startsWith('/') && !link.startsWith('/dev/null') && !link.startsWith('/proc')) };`;
    const seen = await resultOf<{ missing: string | null; error: string; files: string[] }>(session, source);
    if (seen.missing === null) expect(seen.error).toMatch(/not supported/i);
    expect(seen.files).toEqual([]);
  });

  it('bounds memory, processes and files', async () => {
    const hungry = await sandbox.open({ planId: 'p-hungry', profile: 'tool' });
    const source = `const all = []; for (;;) { all.push(Buffer.alloc(16 * 1024 * 1024, 1)); if (all.length > 200) return 'never full'; }`;
    const full = await resultOf(hungry, source, { memoryMb: 64 }).catch((error: Error) => error.message);
    expect(full).toMatch(/internal: The step ended early|Array buffer allocation failed/);
    const forking = await sandbox.open({ planId: 'p-forking', profile: 'tool' });
    const forks = `const cp = await load('node:child_process'); const started = [];
      for (let i = 0; i < 400; i++) { const c = cp.spawn('/bin/sleep', ['30']); c.on('error', () => {}); if (c.pid) started.push(c); }
      const count = started.length; for (const c of started) c.kill('SIGKILL'); return count;`;
    const count = await resultOf<number>(forking, forks).catch(() => 0);
    expect(count).toBeLessThan(400);
    await Promise.all([hungry.close(), forking.close()]);
  });

  it('runs WebAssembly and shell commands under its bounds', async () => {
    const bytes = '0,97,115,109,1,0,0,0,5,3,1,0,1';
    const source = `const module = await WebAssembly.instantiate(new Uint8Array([${bytes}]));
      const cp = await load('node:child_process');
      return [Object.keys(module).sort(), cp.execFileSync('/bin/sh', ['-c', 'ulimit -c; ulimit -d; echo ok'], { encoding: 'utf8' })];`;
    const [parts, said] = await resultOf<[string[], string]>(session, source);
    expect(parts).toEqual(['instance', 'module']);
    expect(said).toMatch(/^0\n\d+\nok\n$/);
  });
});
