import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Board = {
  url: string;
  states: Map<number, string>;
  /** Requests as they came, with the token. */
  asked: string[];
  stop(): Promise<void>;
};

/** The board that the fixture's operations talk to. */
export async function startBoard(): Promise<Board> {
  const states = new Map([
    [7, 'open'],
    [8, 'open'],
  ]);
  const asked: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const number = Number(/^\/tickets\/(\d+)/.exec(request.url ?? '')?.[1]);
    const ticket = (each: number) => ({ number: each, title: `Ticket ${each}`, state: states.get(each) });
    if (request.method === 'PUT') states.set(number, JSON.parse(String(Buffer.concat(chunks))) as string);
    const found = Number.isNaN(number) ? [...states.keys()].map(ticket) : ticket(number);
    response.end(JSON.stringify(found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    states,
    asked,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
