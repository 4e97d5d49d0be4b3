import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { FaultError } from '../../../domain/fault.ts';
import type { TerraformStates } from '../../../domain/ports/terraform-states.ts';
import { answerJson } from '../answers.ts';
import type { JudgedRequest } from '../judgement.ts';

const lockInfo = z.looseObject({
  ID: z.string().min(1).max(100),
  Operation: z.string().max(100).default(''),
});

/**
 * Answers Terraform's LOCK and UNLOCK. A lock that is held is answered with 423 and what its holder said of itself,
 * as Terraform expects.
 */
export async function handleLock(
  states: TerraformStates,
  connection: string,
  step: string | undefined,
  { method, body }: JudgedRequest,
  response: ServerResponse,
): Promise<void> {
  const text = body?.toString('utf8') ?? '';
  const info = lockInfo.safeParse(parse(text));
  if (!info.success || step === undefined)
    throw new FaultError('bad-request', 'A lock is taken by a step, and says its ID.');
  const { ID: id, Operation: operation } = info.data;
  if (method === 'UNLOCK') {
    await states.unlock(connection, { id, step });
    return answerJson(response, {});
  }
  const answer = await states.lock(connection, { id, step, operation, info: text });
  if (answer.ok) return answerJson(response, {});
  response.writeHead(423, { 'content-type': 'application/json' });
  response.end(answer.info);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
