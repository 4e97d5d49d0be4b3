const suffix = '.reign';

/**
 * The address by which a step names a connection to the broker: `http:web` is `http://http-3aweb.reign`.
 * Small letters and digits stay, every other byte becomes `-` and two hex digits, so that no two ids share a name
 * and URL parsers leave it alone.
 */
export function baseUrlOf(connectionId: string): string {
  let name = '';
  for (const byte of Buffer.from(connectionId, 'utf8')) {
    const plain = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
    name += plain ? String.fromCharCode(byte) : `-${byte.toString(16).padStart(2, '0')}`;
  }
  return `http://${name}${suffix}`;
}

/** The connection that a Host header names; undefined when it names none. */
export function connectionOfHost(host: string | undefined): string | undefined {
  const lower = host?.toLowerCase().replace(/:80$/, '');
  if (!lower?.endsWith(suffix)) return undefined;
  const name = lower.slice(0, -suffix.length);
  if (!/^(?:[a-z0-9]|-[0-9a-f]{2})+$/.test(name)) return undefined;
  const bytes = [...name.matchAll(/-(..)|(.)/g)].map((part) =>
    part[1] === undefined ? (part[2] ?? '').charCodeAt(0) : Number.parseInt(part[1], 16),
  );
  const id = Buffer.from(bytes).toString('utf8');
  return baseUrlOf(id) === `http://${name}${suffix}` ? id : undefined;
}
