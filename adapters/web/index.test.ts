import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebAdapter } from './index.ts';

describe('the web adapter', () => {
  let folder: string;
  let app: FastifyInstance;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reign-page-'));
    app = fastify();
    app.get('/api/v1/session', async () => ({ person: 'you' }));
  });

  afterEach(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const serve = () => app.register(createWebAdapter({ pageFolder: folder }).routes);

  const build = () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Reign</title>');
    writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {};');
    writeFileSync(join(folder, '.secret'), 'hidden');
  };

  it('serves the page at / and asks for it anew each time', async () => {
    build();
    await serve();
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.body).toContain('<title>Reign</title>');
  });

  it('lets browsers keep what is named by its content', async () => {
    build();
    await serve();
    const answer = await app.inject('/assets/index-abc.js');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('forbids inline scripts, inline styles, foreign hosts and frames', async () => {
    build();
    await serve();
    const { headers } = await app.inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('serves nothing else: no hidden file, no path outside, no address of the API', async () => {
    build();
    await serve();
    for (const path of [
      '/.secret',
      '/assets/',
      '/assets/%2e%2e/.secret',
      '/..%2f..%2fetc/passwd',
      '/api/v1/other',
    ]) {
      expect((await app.inject(path)).statusCode, path).toBe(404);
    }
    expect((await app.inject('/api/v1/session')).json()).toEqual({ person: 'you' });
    expect((await app.inject('/api/v1/session')).headers['content-security-policy']).toBeUndefined();
  });

  it('serves what is built while it runs', async () => {
    await serve();
    expect((await app.inject('/')).statusCode).toBe(503);
    build();
    expect((await app.inject('/')).statusCode).toBe(200);
    expect((await app.inject('/assets/index-abc.js')).statusCode).toBe(200);
  });

  it('says what to do where the page is not built', async () => {
    await serve();
    const answer = await app.inject('/');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm run build');
  });
});
