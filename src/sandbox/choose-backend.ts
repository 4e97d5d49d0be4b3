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
import { isolationRemedy } from './isolation-remedy.ts';
import { childName } from './leftovers.ts';
import { findLimits, type Limits } from './limits/index.ts';
import type { SandboxOptions } from './options.ts';
import type { PlaceMaker } from './places.ts';
import { podBackend } from './pod/index.ts';
import type { PodOptions } from './pod/options.ts';
import { processBackend } from './process-backend.ts';
import { findProgram } from './programs.ts';
import { reportBubblewrap, reportPod, reportProcess } from './report.ts';

export type Choice = { backend: Backend; report: SandboxReport };

const run = promisify(execFile);

/**
 * Tries bubblewrap on this machine, then pods where they are configured, and falls back to plain processes where that
 * is allowed. What was asked for by name is not replaced by another. Throws FaultError `unsupported` with what to do
 * when isolation is required, or there are plugins, and it cannot be had.
 */
export async function chooseBackend(options: SandboxOptions, placeMaker: PlaceMaker): Promise<Choice> {
  const { backend: wanted = 'auto', isolation, pod } = options;
  if (wanted === 'pod') return choosePod(options, pod);
  const limits = findLimits();
  const found = await tryBubblewrap(options, placeMaker, limits);
  if (typeof found !== 'string') return found;
  if (wanted === 'auto' && pod !== undefined) {
    options.logger.info({ why: found }, 'steps run in pods');
    return choosePod(options, pod);
  }
  const foreign = (options.extensions?.plugins.length ?? 0) > 0;
  if (isolation === 'required' || foreign || wanted === 'bubblewrap')
    throw new FaultError(
      'unsupported',
      `Steps must be isolated and cannot be: ${found} ${isolationRemedy(found)} \`reign doctor\` checks it again.`,
    );
  options.logger.warn({ why: found }, 'steps are not isolated');
  return { backend: processBackend(options.stepHost), report: reportProcess(found) };
}

async function choosePod(
  { stepHost, stepPod, extensions, logger }: SandboxOptions,
  pod: PodOptions | undefined,
): Promise<Choice> {
  if (pod === undefined || stepPod === undefined)
    throw new FaultError('unsupported', 'Steps are to run in pods, and sandbox.pod is not configured.');
  const [own] = extensionFolders(extensions);
  if (own !== undefined)
    throw new FaultError(
      'unsupported',
      `Code of one's own does not run in pods, whose image lacks it: ${own}. Use bubblewrap, or leave the plugin or MCP command out.`,
    );
  const backend = await podBackend({ pod, stepHost, stepPod, logger });
  return { backend, report: reportPod(pod) };
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
