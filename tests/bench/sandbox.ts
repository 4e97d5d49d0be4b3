import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { silentLogger } from '../../src/domain/ports/runtime.ts';
import type { Sandbox } from '../../src/domain/ports/sandbox.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { createCredentialSource } from '../../src/vault/credentials.ts';
import { percentile } from './services.ts';

/** A small step in a forked-ahead child against a bare `bwrap true`, and how many of them a second. */
export async function measureSandbox(root: string) {
  const workRoot = await mkdtemp(path.join(os.tmpdir(), 'reign-bench-sandbox-'));
  const sandbox = await createSandbox({
    stepHost: path.join(root, 'dist/step-host.js'),
    codeFolders: [path.join(root, 'dist'), path.join(root, 'node_modules')],
    workRoot,
    environments: [],
    credentials: createCredentialSource(new Map()),
    redact: (text) => text,
    httpAllow: [],
    logger: silentLogger,
    isolation: 'required',
  });
  try {
    const bare = Array.from({ length: 30 }, bareMilliseconds);
    const small: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      const started = performance.now();
      await smallStep(sandbox, `p-${n}`);
      small.push(performance.now() - started);
    }
    const sandboxMs = percentile(small, 0.5);
    return {
      sandbox_ms: sandboxMs,
      sandbox_ratio: sandboxMs / percentile(bare, 0.5),
      sandboxed_steps_per_s: await perSecond(sandbox),
    };
  } finally {
    await sandbox.close();
    await rm(workRoot, { recursive: true, force: true });
  }
}

function bareMilliseconds(): number {
  const started = performance.now();
  execFileSync('bwrap', ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', 'true']);
  return performance.now() - started;
}

/** A child of its own, one call, and its end. */
async function smallStep(sandbox: Sandbox, planId: string): Promise<void> {
  const session = await sandbox.open({ planId, profile: 'tool' });
  const call = { operation: 'reign.noop', phase: 'resolve' as const, args: { request: { key: planId } } };
  const reply = await session.call(call, {
    grant: { connections: [] },
    deadline: new Date(Date.now() + 10_000),
    memoryMb: 128,
    stop: { signal: 'SIGTERM', graceSeconds: 1 },
  });
  if (!reply.ok) throw new Error(reply.fault.message);
  void session.close();
}

async function perSecond(sandbox: Sandbox): Promise<number> {
  const end = performance.now() + 5_000;
  let done = 0;
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    while (performance.now() < end) {
      await smallStep(sandbox, `lane-${lane}-${done}`);
      done += 1;
    }
  });
  await Promise.all(lanes);
  return done / 5;
}
