import type { ServerResponse } from 'node:http';
import { FaultError } from '../../../domain/fault.ts';
import type { TerraformStates } from '../../../domain/ports/terraform-states.ts';
import { answerFault, answerJson } from '../answers.ts';
import { handleFiles } from '../files/handle.ts';
import type { ActiveGrant } from '../grants.ts';
import type { SessionState } from '../index.ts';
import type { JudgedRequest } from '../judgement.ts';
import { cloudAsked, handleCloud, judgeCloud } from './cloud.ts';
import { judgeTerraform } from './judge.ts';
import { handleLock } from './lock.ts';

/** A state, or a plan file, that is larger is not kept. A state that is refused after an apply would be lost. */
export const largestStateBytes = 64 * 1024 * 1024;
const largestPlanBytes = 16 * 1024 * 1024;

/**
 * Answers for a Terraform workspace: credentials of clouds (see cloud.ts), the files of its folder, its state and lock as Terraform's `http` backend asks for
 * them (GET and POST /state, LOCK and UNLOCK /lock), what is known of the state (GET /about), and saved plans
 * (GET and PUT /plans/KEY, GET /plan-files/SHA256).
 */
export async function handleTerraform(
  state: SessionState,
  grant: ActiveGrant,
  connection: string,
  judged: JudgedRequest,
  response: ServerResponse,
): Promise<void> {
  const { options, access } = state;
  const { method, path } = judged;
  const wanted = cloudAsked(judged);
  const judgement = wanted === undefined ? judgeTerraform(judged) : judgeCloud(grant);
  const admitted = await grant.admits(judgement, connection, method, path);
  if (!admitted.ok) {
    options.logger.warn({ method, path: path.path, connection, why: admitted.fault.message }, 'refused');
    return answerFault(response, admitted.fault, 403);
  }
  if (wanted !== undefined) return handleCloud(state, grant, connection, wanted, response);
  const [first = ''] = path.segments;
  if (first === 'listing' || first === 'file') {
    const { folder = '' } = await access(connection);
    return handleFiles(folder, judged, response);
  }
  const { terraform } = options;
  if (terraform === undefined) throw new FaultError('unsupported', 'No states are kept here.');
  if (method === 'LOCK' || method === 'UNLOCK')
    return handleLock(terraform, connection, grant.step, judged, response);
  if (first === 'about') return answerJson(response, await terraform.about(connection));
  if (first === 'state') return handleState(terraform, connection, grant.step, judged, response);
  return handlePlan(terraform, connection, judged, response);
}

async function handleState(
  states: TerraformStates,
  connection: string,
  step: string | undefined,
  { method, path, body }: JudgedRequest,
  response: ServerResponse,
): Promise<void> {
  if (method === 'GET') return answerBytes(response, await states.read(connection));
  const lock = path.query.find(({ key }) => key === 'ID')?.value;
  if (step === undefined || lock === undefined)
    throw new FaultError('locked', 'A state is written by a step that holds its lock.');
  await states.write(connection, body?.toString('utf8') ?? '', { step, lock });
  answerJson(response, {});
}

async function handlePlan(
  states: TerraformStates,
  connection: string,
  { method, path, body }: JudgedRequest,
  response: ServerResponse,
): Promise<void> {
  const [first, key = ''] = path.segments;
  if (first === 'plan-files') return answerBytes(response, await states.planFile(connection, key));
  if (method === 'PUT') {
    if (body === undefined || body.length > largestPlanBytes) {
      const most = `${largestPlanBytes / 1024 / 1024} MB`;
      throw new FaultError('too-large', `A plan file may have ${most}. Split the workspace.`);
    }
    return answerJson(response, await states.keepPlan(connection, key, body));
  }
  const found = await states.plan(connection, key);
  if (found === undefined) throw new FaultError('not-found', 'No plan of this key is kept.');
  answerJson(response, found);
}

/** 404 is how a backend says that there is no state yet. */
function answerBytes(response: ServerResponse, content: string | Buffer | undefined): void {
  if (content === undefined) throw new FaultError('not-found', 'Nothing of this is kept.');
  const bytes = Buffer.from(content as string);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
  response.end(bytes);
}
