import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '../../domain/fault.ts';
import { failureOf } from './faults.ts';
import { holderOfHttpLock } from './http-lock.ts';
import type { States } from './states.ts';
import type { Run } from './work-copy.ts';
import type { WorkspaceInput } from './workspace.ts';

/**
 * A state in the backend that the files name: lineage and serial are read from it, Terraform's own lock guards it. Reign's
 * lock is held besides, so that others are told which plan is at work, and `landed` knows how far a lost step came.
 */
export function backendStates(
  kept: States,
  { url, folder, run }: { url: string; folder: string; run: Run },
  input: WorkspaceInput,
): States {
  const read = async () => {
    const result = await run(['state', 'pull']);
    if (result.exitCode !== 0) throw failureOf(input, 'state pull', result);
    if (result.truncated)
      throw new FaultError('too-large', `The state of ${input.name} is larger than Reign reads. Split it.`);
    return result.stdout.trim() === '' ? undefined : result.stdout;
  };
  return {
    ...kept,
    read,
    async about() {
      const { lineage, serial } = JSON.parse((await read()) ?? '{}') as { lineage?: string; serial?: number };
      const own = lineage ? { lineage, serial: serial ?? null } : { lineage: null, serial: null };
      return { ...(await kept.about()), ...own };
    },
    holder: () => holderOfHttpLock(folder, url).catch(() => undefined),
    async during(work) {
      const body = JSON.stringify({ ID: randomUUID(), Operation: 'OperationTypeApply' });
      const ask = (method: string) => fetch(`${url}/lock`, { method, body });
      const answer = await ask('LOCK');
      if (!answer.ok)
        throw new FaultError('locked', `Another plan has just taken the state of ${input.name}. Ask again.`);
      try {
        return await work();
      } finally {
        // One that is not given back is that of a step that has ended, and counts for nothing then.
        await ask('UNLOCK').catch(() => undefined);
      }
    },
  };
}

/** @throws FaultError `unsupported` where the initialised backend keeps no state that outlives the step */
export async function refuseUnfitBackend(folder: string, { path }: WorkspaceInput): Promise<void> {
  const text = await readFile(join(folder, '.terraform/terraform.tfstate'), 'utf8').catch(() => '{}');
  const type = (JSON.parse(text) as { backend?: { type?: string } }).backend?.type ?? 'local';
  if (type === 'local')
    throw new FaultError(
      'unsupported',
      `The files in ${path} name no backend, so the state would be lost with the step. Add a backend block, or let Reign keep it (state: reign).`,
    );
  if (type === 'cloud' || type === 'remote')
    throw new FaultError(
      'unsupported',
      `The files in ${path} leave plans to HCP Terraform, which runs them itself. Use a backend that only keeps the state.`,
    );
}
