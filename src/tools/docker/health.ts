import type { Verification } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type ContainerInput, findState, openContainer } from './container.ts';
import { lastLines } from './log-lines.ts';

const patienceMilliseconds = 90_000;
const steadyMilliseconds = 2000;

/**
 * Waits until a container runs well: its health check says healthy or, without one, it has run for two seconds.
 * One that exits or restarts by itself failed, with its last log lines as evidence.
 */
export async function followHealth(input: ContainerInput, reader: Reader): Promise<Verification> {
  const handle = await openContainer(reader, input);
  const started = reader.now().getTime();
  for (let wait = 250; ; wait = Math.min(1000, wait * 1.5)) {
    const info = await findState(handle, input);
    if (info === undefined) return { state: 'failed', evidence: `The container ${input.name} is gone.` };
    const { Running, Restarting, ExitCode, Health } = info.State;
    if (!Running || Restarting) {
      const lines = await lastLines(handle.container, 5, input.environment);
      return {
        state: 'failed',
        evidence: [`${input.name} exited with code ${ExitCode}.`, ...lines].join('\n'),
      };
    }
    const health = Health?.Status ?? 'none';
    const waited = reader.now().getTime() - started;
    if (health === 'healthy') return { state: 'healthy', evidence: `${input.name} runs and is healthy.` };
    if (health === 'unhealthy') return { state: 'failed', evidence: unhealthy(input, Health?.Log) };
    if (health === 'none' && waited >= steadyMilliseconds) {
      return { state: 'healthy', evidence: `${input.name} runs.` };
    }
    if (waited > patienceMilliseconds) {
      return { state: 'unclear', evidence: `${input.name} runs, but its health check has not answered yet.` };
    }
    if (health === 'starting') reader.report('waiting for the health check');
    await reader.sleep(wait);
  }
}

function unhealthy({ name }: ContainerInput, log: readonly { Output?: string }[] | undefined): string {
  const output = log?.at(-1)?.Output?.trim() ?? '';
  return `${name} runs, but its health check fails${output === '' ? '.' : `: ${output}`}`;
}
