import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { appSettings, type BotOptions } from './bot.ts';

const graph = 'https://graph.microsoft.com';
const mostPages = 50;

type Page = { value?: { id?: string }[]; '@odata.nextLink'?: string };

/**
 * Who belongs to an Entra group, groups within it included, as object ids. Asks Microsoft Graph, for which the app
 * needs GroupMember.Read.All. Throws where it cannot tell, and where it would have to leave somebody out.
 */
export function createGroups(options: BotOptions & { graphUrl?: string }): (id: string) => Promise<string[]> {
  const address = options.graphUrl ?? graph;
  return async (id) => {
    const headers = await authorization(options);
    const members: string[] = [];
    const path = `/v1.0/groups/${encodeURIComponent(id)}/transitiveMembers/microsoft.graph.user`;
    let next: string | undefined = `${address}${path}?$select=id&$top=999`;
    for (let page = 1; next !== undefined; page += 1) {
      if (page > mostPages) throw new Error(`The group ${id} has more members than can be read.`);
      const { value = [], '@odata.nextLink': more } = await read(next, headers);
      members.push(...value.flatMap((member) => (member.id === undefined ? [] : [member.id])));
      // The token goes to no other place.
      if (more !== undefined && new URL(more).origin !== new URL(address).origin)
        throw new Error('Microsoft Graph named another host for the next page.');
      next = more;
    }
    return members;
  };
}

async function read(url: string, headers: Record<string, string>): Promise<Page> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000), redirect: 'error' });
  if (response.ok) return (await response.json()) as Page;
  const hint = response.status === 403 ? ' (the app needs GroupMember.Read.All)' : '';
  throw new Error(`Microsoft Graph answered ${response.status}${hint}.`);
}

async function authorization(options: BotOptions): Promise<Record<string, string>> {
  const { appId, credentials } = options;
  // An emulator on this machine is asked without.
  if (appId === undefined) return {};
  const factory =
    credentials ?? new ConfigurationServiceClientCredentialFactory(appSettings(options) as never);
  const login = 'https://login.microsoftonline.com';
  const granted = (await factory.createCredentials(appId, graph, login, true)) as unknown as {
    getToken(): Promise<string>;
  };
  return { authorization: `Bearer ${await granted.getToken()}` };
}
