import { execa } from 'execa';
import { childEnvironment } from './child-environment.ts';
import { isRoot } from './data-dir.ts';
import { findCommand } from './find-command.ts';

/** May missing system packages be installed? `ask`: on a terminal only after a yes, elsewhere as if allowed. */
export type InstallPolicy = 'ask' | 'always' | 'never';

export type SystemPackage = 'redis-server' | 'bubblewrap';

export interface SystemPackagesOptions {
  packages: readonly SystemPackage[];
  install: InstallPolicy;
  /** Given only on a terminal. */
  ask?: ((question: string) => Promise<boolean>) | undefined;
  say: (line: string) => void;
}

const commandOf: Readonly<Record<SystemPackage, string>> = {
  'redis-server': 'redis-server',
  bubblewrap: 'bwrap',
};
const purposeOf: Readonly<Record<SystemPackage, string>> = {
  'redis-server': 'redis-server (the private job queue)',
  bubblewrap: 'bubblewrap (the sandbox of every step)',
};

/**
 * Sees to it that the programs of these packages are there: installs missing ones with apt when we may (root or
 * sudo without a password, and not refused), else says one line with the command. Never throws: what is still
 * missing is returned, and whoever needs it says so.
 */
export async function ensureSystemPackages(
  options: SystemPackagesOptions,
): Promise<{ installed: SystemPackage[]; missing: SystemPackage[] }> {
  const missing = await whichAreMissing(options.packages);
  if (missing.length === 0) return { installed: [], missing };
  const prefix = await aptPrefix();
  if (!prefix || !(await mayInstall(options, missing))) {
    options.say(
      `Not installed: ${missing.map((name) => purposeOf[name]).join(', ')}. Run: ${installHint(missing)}`,
    );
    return { installed: [], missing };
  }
  options.say(`Installing ${missing.join(' and ')} with apt…`);
  const problem = await aptInstall(prefix, missing);
  const stillMissing = await whichAreMissing(missing);
  if (stillMissing.length > 0) {
    options.say(
      `apt could not install ${stillMissing.join(' and ')}: ${problem}. Run: ${installHint(stillMissing)}`,
    );
  }
  return { installed: missing.filter((name) => !stillMissing.includes(name)), missing: stillMissing };
}

/** The command a person runs to install these packages. */
export function installHint(packages: readonly SystemPackage[]): string {
  if (process.platform === 'darwin') return 'brew install redis';
  return `${isRoot() ? '' : 'sudo '}apt-get install -y ${packages.join(' ')}`;
}

async function whichAreMissing(packages: readonly SystemPackage[]): Promise<SystemPackage[]> {
  const found = await Promise.all(packages.map(async (name) => await findCommand(commandOf[name])));
  return packages.filter((_, index) => found[index] === undefined);
}

/** How to call apt with the needed rights: directly, through sudo, or not at all. */
async function aptPrefix(): Promise<string[] | undefined> {
  if (process.platform !== 'linux' || !(await findCommand('apt-get'))) return undefined;
  if (isRoot()) return [];
  const sudo = await findCommand('sudo');
  if (!sudo || (await run([sudo, '-n', 'true'], 10)) !== undefined) return undefined;
  return [sudo, '-n'];
}

async function mayInstall(
  options: SystemPackagesOptions,
  missing: readonly SystemPackage[],
): Promise<boolean> {
  if (options.install !== 'ask') return options.install === 'always';
  if (!options.ask) return true;
  return await options.ask(`Install ${missing.map((name) => purposeOf[name]).join(' and ')} with apt?`);
}

async function aptInstall(prefix: string[], packages: readonly SystemPackage[]): Promise<string | undefined> {
  const apt = [
    ...prefix,
    '/usr/bin/env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=60',
  ];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  if ((await run(install, 300)) === undefined) return undefined;
  // A fresh machine has no package lists yet.
  await run([...apt, 'update'], 120);
  return await run(install, 300);
}

/** Undefined when it went well, else its last words. The proxy is passed on because apt may need it. */
async function run(words: readonly string[], seconds: number): Promise<string | undefined> {
  const [command = '', ...rest] = words;
  const proxies: Record<string, string> = {};
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    const value = process.env[name];
    if (value !== undefined) proxies[name] = value;
  }
  const result = await execa(command, rest, {
    cwd: '/',
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: seconds * 1000,
    env: childEnvironment(proxies),
    extendEnv: false,
  });
  if (result.exitCode === 0) return undefined;
  return result.timedOut ? 'it took too long' : (result.all?.trim().split('\n').at(-1) ?? 'it failed');
}
