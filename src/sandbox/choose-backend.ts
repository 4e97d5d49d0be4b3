import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { FaultError } from '../domain/fault.ts';
import type { SandboxReport } from '../domain/ports/sandbox.ts';
import type { Backend } from './backend.ts';
import type { Tools } from './bubblewrap/command.ts';
import { bubblewrapBackend } from './bubblewrap/index.ts';
import { layOutCode } from './bubblewrap/layout.ts';
import { extensionFolders } from './extension-code.ts';
import { childName } from './leftovers.ts';
import { findLimits, type Limits } from './limits/index.ts';
import type { SandboxOptions } from './options.ts';
import type { PlaceMaker } from './places.ts';
import { processBackend } from './process-backend.ts';
import { findProgram } from './programs.ts';
import { reportBubblewrap, reportProcess } from './report.ts';

export type Choice = { backend: Backend; report: SandboxReport };

const run = promisify(execFile);

/**
 * Tries bubblewrap on this machine and falls back to plain processes where that is allowed.
 * Throws FaultError `unsupported` with what to do when isolation is required, or there are plugins, and it cannot be
 * had.
 */
export async function chooseBackend(options: SandboxOptions, placeMaker: PlaceMaker): Promise<Choice> {
  const limits = findLimits();
  const found = await tryBubblewrap(options, placeMaker, limits);
  if (typeof found !== 'string') return found;
  const foreign = (options.extensions?.plugins.length ?? 0) > 0;
  if (options.isolation === 'required' || foreign)
    throw new FaultError(
      'unsupported',
      `Steps must be isolated and cannot be: ${found} On Debian and Ubuntu: \`sudo apt-get install bubblewrap\`. ` +
        'In a container, allow unprivileged user namespaces or give it CAP_SYS_ADMIN. `reign doctor` checks it again.',
    );
  options.logger.warn({ why: found }, 'steps are not isolated');
  return { backend: processBackend(options.stepHost, limits), report: reportProcess(found) };
}

/** The working backend, or a sentence that says why there is none. */
async function tryBubblewrap(
  options: SandboxOptions,
  placeMaker: PlaceMaker,
  limits: Limits,
): Promise<Choice | string> {
  if (process.platform !== 'linux') return 'bubblewrap exists for Linux only.';
  const bwrap = findProgram(options.bubblewrap ?? 'bwrap');
  if (bwrap === undefined) return 'bubblewrap (the program bwrap) is not installed.';
  const isRoot = process.getuid?.() === 0;
  const [setpriv, prlimit] = [findProgram('setpriv'), findProgram('prlimit')];
  if (isRoot && setpriv === undefined) return 'the program setpriv (package util-linux) is not installed.';
  const help = await run(bwrap, ['--help']).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => '',
  );
  const tools: Tools = { bwrap, setpriv, prlimit, knows: (option) => help.includes(`${option} `) };
  const layout = layOutCode(options.stepHost, options.codeFolders, extensionFolders(options.extensions));
  const backend = bubblewrapBackend(tools, layout, limits);
  const places = placeMaker.create(childName(0));
  writeFileSync(places.socketPath, '');
  const problem = await backend.tryOut(places);
  rmSync(places.socketPath, { force: true });
  await placeMaker.remove(places);
  if (problem !== undefined) return `bubblewrap does not work here (${problem}).`;
  return { backend, report: reportBubblewrap(limits, tools, isRoot) };
}
