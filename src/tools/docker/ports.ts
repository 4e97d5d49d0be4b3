/** One published port: where the host listens, and where the container does. */
export type Port = { address: string; host: number; container: number; protocol: 'tcp' | 'udp' };

const loopback = '127.0.0.1';

/**
 * "8080:80", "8080", "0.0.0.0:53:53/udp", several with commas or spaces. Ports are published on loopback unless an
 * address is said. A single number is the host's; the container's is `exposed`, or the same. A text says what is wrong.
 */
export function readPorts(text: string, exposed: number | undefined, usual = loopback): Port[] | string {
  const ports: Port[] = [];
  for (const word of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const port = readPort(word, exposed, usual);
    if (port === undefined)
      return `"${word}" is no port to publish: write 8080:80, or 0.0.0.0:8080:80 for all addresses.`;
    ports.push(port);
  }
  return ports;
}

function readPort(word: string, exposed: number | undefined, usual: string): Port | undefined {
  const parts = /^(?:(\d{1,3}(?:\.\d{1,3}){3}):)?(?:(\d{1,5}):)?(\d{1,5})(?:\/(tcp|udp))?$/.exec(word);
  if (parts === null) return undefined;
  const [, address = usual, first, second, protocol = 'tcp'] = parts;
  const host = Number(first ?? second);
  const container = first === undefined ? (exposed ?? host) : Number(second);
  const fits = [host, container].every((port) => port >= 1 && port <= 65_535);
  const isAddress = address.split('.').every((byte) => Number(byte) <= 255);
  return fits && isAddress ? { address, host, container, protocol: protocol as Port['protocol'] } : undefined;
}

export function portWords({ address, host, container, protocol }: Port): string {
  return `${address}:${host}→${container}/${protocol}`;
}

export function isLoopback({ address }: Port): boolean {
  return address.startsWith('127.');
}

/** As the engine writes them. */
export function portBindings(ports: readonly Port[]) {
  const bindings: { [port: string]: { HostIp: string; HostPort: string }[] } = {};
  for (const { address, host, container, protocol } of ports) {
    const key = `${container}/${protocol}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: address, HostPort: String(host) }];
  }
  return bindings;
}
