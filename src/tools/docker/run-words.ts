import { mayMount, mountRefused } from '../../domain/host-folder.ts';
import { dockerName } from './place.ts';
import type { RunInput } from './run-body.ts';

/** "512m", "2g", "1gb", "600 MiB" in MiB; undefined for what is none, or too little for the engine. */
export function readMemory(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim());
  if (parts === null) return undefined;
  const factors: { [unit: string]: number } = { '': 1 / 1024 ** 2, k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 };
  const megabytes = Math.round(Number(parts[1]) * (factors[parts[2]?.toLowerCase() ?? ''] ?? 0));
  return megabytes >= 6 ? megabytes : undefined;
}

/** "data:/var/lib/data", "data:/x:ro", or a folder of the machine that is listed. A text says what is wrong. */
export function readVolumes(
  texts: readonly string[],
  listed: readonly string[] = [],
): RunInput['volumes'] | string {
  const volumes: RunInput['volumes'] = [];
  for (const text of texts) {
    const [name = '', path = '', mode = 'rw', ...more] = text.split(':');
    const folder = /^[./~]/.test(name);
    if (folder && !mayMount(listed, name, mode === 'ro')) return mountRefused(listed, text);
    const named = folder || dockerName.safeParse(name).success;
    const good = named && path.startsWith('/') && more.length === 0;
    if (!good || (mode !== 'ro' && mode !== 'rw'))
      return `"${text}" is no volume to mount: write name:/path or name:/path:ro.`;
    volumes.push({ name, path, readOnly: mode === 'ro' });
  }
  return volumes;
}

/** Plans are kept and shown: what is given here must not be secret. */
export function variableProblem(variables: readonly string[]): string | undefined {
  for (const variable of variables) {
    const name = /^([A-Za-z_]\w*)=/.exec(variable)?.[1];
    if (name === undefined) return 'A variable is written as NAME=value.';
    if (/pass|secret|token|credential|(?:^|_)key(?:_|$)|apikey/i.test(name))
      return `${name} looks like a secret. A plan is kept and shown, so Reign does not take it as a variable.`;
  }
  return undefined;
}
