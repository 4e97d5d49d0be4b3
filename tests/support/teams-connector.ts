import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TeamsActivity = {
  id: string;
  conversation: string;
  summary?: string;
  edits: number;
  attachments?: { content: { body: unknown[]; actions?: CardAction[] } }[];
};
export type CardAction = {
  type: string;
  title: string;
  verb?: string;
  data?: { act?: unknown };
  card?: { actions?: CardAction[] };
};

export type Connector = {
  url: string;
  activities(conversation?: string): TeamsActivity[];
  /** Who belongs to an Entra group, for the double of Microsoft Graph beside it. */
  groups: Map<string, string[]>;
  /** The next answers to requests of a method, e.g. `PUT`. */
  fault(method: string, status: number, times: number, retryAfter?: number): void;
  stop(): Promise<void>;
};

export const tenant = '11111111-2222-3333-4444-555555555555';

type Begun = {
  members?: { id: string }[];
  channelData?: { channel?: { id: string } };
  activity?: object;
};

/** A double of the Bot Framework's connector service: keeps what a bot posts, and fails when told to. */
export async function startConnector(): Promise<Connector> {
  const activities: TeamsActivity[] = [];
  const groups = new Map<string, string[]>();
  /** One member on each page, so that pages are followed. */
  const graphPage = (group: string, path: string, base: string) => {
    const skip = Number(new URL(path, base).searchParams.get('$skiptoken') ?? 0);
    const members = groups.get(group) ?? [];
    const next = new URL(path, base);
    next.searchParams.set('$skiptoken', String(skip + 1));
    return {
      value: members.slice(skip, skip + 1).map((id) => ({ id })),
      ...(members.length > skip + 1 ? { '@odata.nextLink': next.href } : {}),
    };
  };
  const faults: { method: string; status: number; times: number; retryAfter: number | undefined }[] = [];
  let next = 1;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (data: Buffer) => {
      text += data.toString();
    });
    request.on('end', () => {
      const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(body));
      const failing = faults.find(({ method, times }) => method === request.method && times > 0);
      if (failing) {
        failing.times -= 1;
        const after = failing.retryAfter === undefined ? {} : { 'retry-after': String(failing.retryAfter) };
        return answer(failing.status, { error: { code: 'Fault', message: 'as the test asked' } }, after);
      }
      const [, group] = /^\/v1\.0\/groups\/([^/]+)\/transitiveMembers/.exec(request.url ?? '') ?? [];
      if (group) return answer(200, graphPage(group, request.url ?? '', url()));
      const body = text === '' ? {} : (JSON.parse(text) as Begun);
      const [, path = ''] = /^\/v3\/(.*)$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
      const [, conversation = '', id] = /^conversations\/(.+?)\/activities(?:\/(.+))?$/.exec(path) ?? [];
      if (path === 'conversations') {
        const [member] = body.members ?? [];
        if (member) return answer(201, { id: `direct-${member.id}`, serviceUrl: url() });
        const root = `a${next++}`;
        const conversation = `${body.channelData?.channel?.id};messageid=${root}`;
        activities.push({ ...body.activity, id: root, conversation, edits: 0 });
        return answer(201, { id: conversation, serviceUrl: url() });
      }
      const [, member] = /\/members\/(.+)$/.exec(path) ?? [];
      if (member) {
        const guest = member.includes('guest') ? { userRole: 'guest' } : {};
        return answer(200, {
          id: member,
          aadObjectId: member.replace('29:', ''),
          tenantId: tenant,
          ...guest,
        });
      }
      if (conversation === '') return answer(404, {});
      if (request.method === 'PUT') {
        const known = activities.find((each) => each.id === id);
        if (!known) return answer(404, {});
        Object.assign(known, body, { id, conversation: known.conversation, edits: known.edits + 1 });
        return answer(200, { id });
      }
      const made = { ...body, id: `a${next++}`, conversation, edits: 0 };
      activities.push(made);
      return answer(201, { id: made.id });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url: url(),
    groups,
    activities: (conversation) =>
      activities.filter((each) => conversation === undefined || each.conversation === conversation),
    fault: (method, status, times, retryAfter) => void faults.push({ method, status, times, retryAfter }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
