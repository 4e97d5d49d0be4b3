import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The full path of a program on PATH or in the system's usual folders; undefined when it is not installed.
 * A full path is taken as it is.
 */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | undefined {
  if (isAbsolute(name)) return canRun(name) ? name : undefined;
  for (const folder of [...path.split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']) {
    if (isAbsolute(folder) && canRun(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** The environment of every child: nothing of this process's own. */
export function cleanEnvironment(home: string): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: home,
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
  };
}

/**
 * Descriptors above `first` that this process was started with and that a child would inherit. Node opens its own
 * with close-on-exec; those of a shell or a supervisor may lack it.
 */
export function inheritedDescriptors(first: number): number[] {
  return listDescriptors().filter((descriptor) => {
    if (descriptor < first) return false;
    try {
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & 0o2000000) === 0;
    } catch {
      return false;
    }
  });
}

function listDescriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
