import { lookup as systemLookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Where a host was found: `address` is the one to connect to. */
export type Found = { address: string; family: 4 | 6 };
export type Lookup = (host: string) => Promise<readonly Found[]>;

/** All addresses of a host, resolved once; rejects when `signal` fires meanwhile. */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
  lookup = lookupAll,
): Promise<readonly Found[]> {
  return Promise.race([lookup(host), aborted(signal)]);
}

/** Resolves a host once and picks the address to connect to; undefined when there is none that may be reached. */
export async function findAddress(
  { host, port }: { host: string; port: number },
  { allowed, signal, lookup }: { allowed: readonly string[]; signal: AbortSignal; lookup?: Lookup },
): Promise<Found | undefined> {
  const all = await resolveHost(host, signal, lookup);
  return all.find(({ address }) => mayReach(address, host, port, allowed));
}

/**
 * Whether a probe may connect to an address. Public addresses always; others (private, loopback, link-local,
 * metadata, carrier, mapped, tunnelled) only where the allow-list names the host, host:port, address or CIDR.
 */
export function mayReach(address: string, host: string, port: number, allowed: readonly string[]): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  return parsed.range() === 'unicast' || allowed.some((entry) => entryAllows(entry, parsed, host, port));
}

function entryAllows(entry: string, address: ipaddr.IPv4 | ipaddr.IPv6, host: string, port: number): boolean {
  const wanted = entry.toLowerCase();
  const named = host.toLowerCase();
  if (wanted === named || wanted === `${named}:${port}`) return true;
  const text = address.toString();
  if (wanted === text || wanted === `${text}:${port}` || wanted === `[${text}]:${port}`) return true;
  if (!wanted.includes('/')) return false;
  try {
    const [base, bits] = ipaddr.parseCIDR(wanted);
    return base.kind() === address.kind() && address.match(base, bits);
  } catch {
    return false;
  }
}

/** An IPv4 address in IPv6's clothes counts as the IPv4 address. */
function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
}

async function lookupAll(host: string): Promise<readonly Found[]> {
  const all = await systemLookup(host, { all: true, verbatim: true });
  return all.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
