import net from 'node:net';

export type Proxy = {
  /** The same address, through the proxy. */
  url: string;
  /** Nothing passes any more, in either direction, and nobody is told: as when a cable is pulled. */
  cut(): void;
  /** New connections pass again; the cut ones are closed. */
  heal(): void;
  close(): Promise<void>;
};

/** Stands before Postgres for one process. */
export async function startProxy(databaseUrl: string): Promise<Proxy> {
  const address = new URL(databaseUrl);
  const open = new Set<net.Socket>();
  let isCut = false;
  const server = net.createServer((near) => {
    const far = net.connect(Number(address.port), address.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        if (!isCut) to.destroy();
      });
      from.on('data', (data) => {
        if (!isCut) to.write(data);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(databaseUrl);
  through.port = String((server.address() as net.AddressInfo).port);
  const destroyAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: through.href,
    cut() {
      isCut = true;
    },
    heal() {
      destroyAll();
      isCut = false;
    },
    async close() {
      destroyAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
