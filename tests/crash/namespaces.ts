import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import net from 'node:net';
import type { Network } from './fleet.ts';

/** Network namespaces of the test's own on one bridge, whose links to this side can be cut without a word. */
export type Namespaces = Network & {
  /** What one member sends to these ports of this side, and what comes from there, is dropped from now on. */
  cut(name: string, ports: readonly number[]): void;
  heal(name: string): void;
  /** The ports of the database. */
  database: readonly number[];
  close(): Promise<void>;
};

const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' }).toString();

/** Whether namespaces can be made here: as root, with iproute2 and iptables. */
export function namespacesThere(): boolean {
  const name = `reign-try-${randomInt(1e9)}`;
  try {
    ip('netns', 'add', name);
    execFileSync('ip', ['netns', 'exec', name, 'iptables', '-L'], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn('NOT TESTED: partitions, which need root, iproute2 and iptables.');
    return false;
  } finally {
    try {
      ip('netns', 'del', name);
    } catch {
      // There is none where it could not be made.
    }
  }
}

/** A bridge, and what leads from it to a Postgres on loopback. */
export async function startNamespaces(databaseUrl: string): Promise<Namespaces> {
  const mark = randomInt(0x10000).toString(16).padStart(4, '0');
  const bridge = `rg${mark}`;
  const subnet = `10.${randomInt(100, 200)}.${randomInt(256)}`;
  const address = `${subnet}.1`;
  ip('link', 'add', 'name', bridge, 'type', 'bridge');
  ip('addr', 'add', `${address}/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  const toDatabase = await forward(address, Number(new URL(databaseUrl).port));
  const through = Object.assign(new URL(databaseUrl), { host: `${address}:${toDatabase.port}` }).href;
  const numbers = new Map<string, number>();
  const namespace = (name: string) => `rg${mark}-${name}`;
  const rule = (name: string, ...words: string[]) =>
    execFileSync('ip', ['netns', 'exec', namespace(name), 'iptables', ...words], { stdio: 'pipe' });
  return {
    address,
    database: [toDatabase.port],
    async place(name) {
      const number = numbers.get(name) ?? numbers.size + 10;
      if (!numbers.has(name))
        makeNamespace(namespace(name), bridge, `${bridge}x${number}`, `${subnet}.${number}`);
      numbers.set(name, number);
      return {
        env: {
          DATABASE_URL: through,
          REIGN_SERVER_HOST: `${subnet}.${number}`,
          // What is served beyond loopback wants a provider; the command line's token asks nobody.
          REIGN_OIDC_ISSUER: 'https://login.example',
          REIGN_OIDC_CLIENT_ID: 'reign',
          REIGN_SERVER_PUBLIC_URL: 'https://reign.example',
        },
        enter: ['nsenter', `--net=/run/netns/${namespace(name)}`],
      };
    },
    cut(name, ports) {
      for (const port of ports.map(String)) {
        rule(name, '-A', 'OUTPUT', '-p', 'tcp', '-d', address, '--dport', port, '-j', 'DROP');
        rule(name, '-A', 'INPUT', '-p', 'tcp', '-s', address, '--sport', port, '-j', 'DROP');
      }
    },
    heal: (name) => void rule(name, '-F'),
    async close() {
      for (const name of numbers.keys()) ip('netns', 'del', namespace(name));
      await toDatabase.close();
      ip('link', 'del', bridge);
    },
  };
}

function makeNamespace(name: string, bridge: string, link: string, address: string): void {
  ip('netns', 'add', name);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('link', 'set', link, 'master', bridge, 'up');
  ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
}

async function forward(address: string, port: number): Promise<{ port: number; close(): Promise<unknown> }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
