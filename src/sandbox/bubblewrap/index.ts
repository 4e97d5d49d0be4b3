import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type Backend, type ChildPlaces, inside, type StartedChild } from '../backend.ts';
import { followProcess } from '../follow-process.ts';
import type { ControlGroup } from '../limits/control-group.ts';
import type { Limits } from '../limits/index.ts';
import { giveWorkFolder } from '../places.ts';
import { inheritedDescriptors } from '../programs.ts';
import { createAccounts } from './accounts.ts';
import { bubblewrapCommand, type Tools } from './command.ts';
import type { CodeLayout } from './layout.ts';
import { endInit, groupInside, readInitProcess } from './processes.ts';
import { systemCallFilter } from './system-calls.ts';

/** Descriptors of bubblewrap beside the channel (3): where it says its process ids, reads the filter and its options. */
const infoDescriptor = 4;
const seccompDescriptor = 5;
const optionsDescriptor = 6;

/** Moves itself into control groups, then becomes the command after `--`. */
const joinScript = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 97; shift; done; shift; exec "$@"';

export type BubblewrapBackend = Backend & {
  /** Runs a step's surroundings once without a step; undefined when all went well, else what went wrong. */
  tryOut(places: ChildPlaces): Promise<string | undefined>;
};

type Launched = { started: StartedChild; child: ChildProcess };

/** Runs steps under bubblewrap. Whether that works here is for `tryOut` to say. */
export function bubblewrapBackend(tools: Tools, code: CodeLayout, limits: Limits): BubblewrapBackend {
  const accounts = process.getuid?.() === 0 ? createAccounts() : undefined;
  const filter = systemCallFilter(process.arch);
  const launch = (places: ChildPlaces, trial: boolean): Launched => {
    const account = accounts?.take();
    writeSystemFiles(places, account ?? 1000);
    if (account !== undefined) giveWorkFolder(places, account);
    const group = limits.createGroup(basename(places.folder));
    const { command, options } = bubblewrapCommand({
      ...{ tools, code, places, account, infoDescriptor, optionsDescriptor, trial },
      seccompDescriptor: filter === undefined ? undefined : seccompDescriptor,
    });
    const child = spawnIn(group, command);
    if (filter !== undefined) feed(child, seccompDescriptor, filter);
    feed(child, optionsDescriptor, options);
    child.once('close', () => account !== undefined && accounts?.give(account));
    return { started: control(child, group, code), child };
  };
  return {
    ...{ name: 'bubblewrap', isolates: true },
    start: async (_profile, places) => launch(places, false).started,
    tryOut: (places) => outcomeOf(launch(places, true)),
  };
}

async function outcomeOf({ started, child }: Launched): Promise<string | undefined> {
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (output.length < 2000) output += chunk.toString('utf8');
  });
  child.stdout?.resume();
  const late = setTimeout(() => void started.kill(), 10_000);
  const [code] = await once(child, 'close').catch((error: unknown) => [String(error)]);
  clearTimeout(late);
  await started.kill();
  return code === 0 ? undefined : output.trim() || `it ended with ${code}`;
}

function spawnIn(group: ControlGroup | undefined, command: readonly string[]): ChildProcess {
  const line = ['-c', joinScript, 'sh', ...(group?.joinFiles ?? []), '--', ...command];
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'];
  for (const descriptor of inheritedDescriptors(stdio.length)) {
    while (stdio.length <= descriptor) stdio.push('ignore');
  }
  return spawn('/bin/sh', line, { stdio, env: {}, cwd: '/', detached: true });
}

function feed(child: ChildProcess, descriptor: number, bytes: Buffer): void {
  const pipes: readonly (Readable | Writable | null | undefined)[] = child.stdio;
  const pipe = pipes[descriptor];
  if (!pipe || !('write' in pipe)) return;
  pipe.on('error', () => {});
  pipe.end(bytes);
}

/** Ends the first process of the sandbox, with which the kernel ends all others; then bubblewrap itself ends. */
function control(
  child: ChildProcess,
  group: ControlGroup | undefined,
  { seenCode }: CodeLayout,
): StartedChild {
  const closed = once(child, 'close').catch(() => undefined);
  const init = readInitProcess(child.stdio[infoDescriptor]);
  const send = (id: number | undefined, name: NodeJS.Signals): void => {
    if (id === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(id, name);
    } catch {
      // It ended in between.
    }
  };
  return {
    ...followProcess(child, () => group?.ranOutOfMemory() ?? false),
    seen: inside,
    seenCode,
    signal: (name) => send(groupInside(init.id()), name),
    setPace: (pace) => group?.setPace(pace),
    bound: ({ memoryMb }) => group?.limitMemory(memoryMb),
    async kill() {
      if (init.id() === undefined && child.pid !== undefined) send(-child.pid, 'SIGKILL');
      else send(init.id(), 'SIGKILL');
      const late = setTimeout(() => child.pid !== undefined && send(-child.pid, 'SIGKILL'), 1000);
      await closed;
      clearTimeout(late);
      await endInit(init.id());
      for (const id of group?.processes() ?? []) killLeft(id);
      await group?.remove();
    },
  };
}

function killLeft(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

function writeSystemFiles(places: ChildPlaces, account: number): void {
  const write = (name: string, text: string): void =>
    writeFileSync(join(places.folder, name), text, { mode: 0o644 });
  write('package.json', '{"type":"module"}\n');
  write('passwd', `reign:x:${account}:${account}::/work:/bin/sh\n`);
  write('group', `reign:x:${account}:\n`);
  write('hosts', '127.0.0.1 localhost reign-step\n');
}
