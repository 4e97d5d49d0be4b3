import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoCluster, type DemoClusterOptions, startDemoCluster } from '../../src/demo-cluster/index.ts';

/** Short times, so that tests are quick. */
export const fast = { podReadyMs: 60, imagePullBackOffMs: 60, terminationMs: 40 };

export const token = 'test-token';

/** A folder of its own for one test file: made by whoever writes there first, removed at the end. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = join(tmpdir(), `demo-cluster-${randomUUID()}`);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function startFast(dataDir: string, more: Partial<DemoClusterOptions> = {}): Promise<DemoCluster> {
  return startDemoCluster({ name: 'staging', dataDir, token, timing: fast, ...more });
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every kind
  body: any;
}

export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/** Calls the API of a cluster; a text body is sent as it is, anything else as JSON. */
export function apiOf(url: string, bearer: string | undefined = token): Api {
  return async (method, path, body, headers = {}) => {
    const authorization = bearer === '' ? {} : { authorization: `Bearer ${bearer}` };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const init: RequestInit = {
      method,
      headers: { ...authorization, ...type, 'user-agent': 'test/1', ...headers },
    };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
}

/** Waits until a check passes; its last failure is told when time is up. */
export async function until<Value>(
  check: () => Promise<Value | undefined | false>,
  milliseconds = 8000,
): Promise<Value> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not in time: ${check.toString()}`);
}

export function deployment(name: string, image: string, replicas = 1, more: object = {}): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
      ...more,
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
