import type { ServerResponse } from 'node:http';
import type { WantedCloud } from '../../../domain/cloud.ts';
import { answerJson } from '../answers.ts';
import type { ActiveGrant } from '../grants.ts';
import { viewOf } from '../handle.ts';
import type { SessionState } from '../index.ts';
import { type JudgedRequest, type Judgement, needsRule, read } from '../judgement.ts';

type Asked =
  | { cloud: 'aws' | 'google' }
  | { cloud: 'azure'; resource: string }
  /** What Google's libraries ask the metadata server besides. */
  | { google: 'project' | 'email' };

const metadata = '/computeMetadata/v1';

/**
 * The credential that a request is for, asked as the cloud's own libraries ask: a container's endpoint (AWS), the
 * metadata server (Google), a machine's identity (Azure). Undefined for any other request.
 */
export function cloudAsked({ method, path }: JudgedRequest): Asked | undefined {
  if (method !== 'GET') return undefined;
  switch (path.path) {
    case '/cloud/aws':
      return { cloud: 'aws' };
    case '/cloud/azure': {
      const resource = path.query.find(({ key }) => key === 'resource')?.value ?? '';
      return /^https:\/\/[\w.-]+\/?$/.test(resource) ? { cloud: 'azure', resource } : undefined;
    }
    case `${metadata}/instance/service-accounts/default/token`:
      return { cloud: 'google' };
    case `${metadata}/instance/service-accounts/default/email`:
      return { google: 'email' };
    case `${metadata}/project/project-id`:
      return { google: 'project' };
    default:
      return undefined;
  }
}

/** What looks gets a credential that should only read; what writes gets the other, once its approval was checked. */
export function judgeCloud(grant: ActiveGrant): Judgement {
  return grant.writes ? needsRule('It asks for a credential of a cloud.') : read;
}

export async function handleCloud(
  state: SessionState,
  grant: ActiveGrant,
  connection: string,
  asked: Asked,
  response: ServerResponse,
): Promise<void> {
  // Google's libraries believe only what says so of itself.
  response.setHeader('metadata-flavor', 'Google');
  if ('google' in asked) {
    const project = viewOf(state, connection)?.terraform?.cloud?.google?.project ?? '';
    response.end(asked.google === 'project' ? project : 'default');
    return;
  }
  const right: WantedCloud['right'] = grant.writes ? 'write' : 'look';
  const { answer } = await state.cloud(connection, { ...asked, right, session: sessionName(grant) });
  answerJson(response, answer);
}

/** At most 64 characters of those that AWS allows: the cloud's log leads back to plan and step. */
function sessionName({ plan = 'none', step = 'look' }: ActiveGrant): string {
  return `reign-${plan}-${step}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, 64);
}
