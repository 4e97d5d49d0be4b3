import { renderContent } from '../../adapters/terminal/index.ts';
import type { PlanCard } from '../domain/chat.ts';
import { toFault } from '../domain/fault.ts';
import type { CliEvent } from './event-schema.ts';

/** Exit codes: done, failed or refused, waits for somebody. */
export const exit = { done: 0, failed: 1, waits: 3 } as const;

export type Output = {
  json: boolean;
  /** One JSON object on a line; nothing in text mode. */
  event(event: CliEvent): void;
  /** Words for people; nothing in JSON mode. */
  say(text: string): void;
};

export function createOutput(json: boolean): Output {
  return {
    json,
    event: (event) => {
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
    },
    say: (text) => {
      if (!json && text !== '') process.stdout.write(`${text}\n`);
    },
  };
}

/** Runs a command; what it throws becomes one line on stderr (or an `error` event) and exit code 1. */
export async function guarded(output: Output, work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    const fault = toFault(error);
    output.event({ type: 'error', ...fault });
    if (!output.json) process.stderr.write(`${fault.message}\n`);
    process.exitCode = exit.failed;
  }
}

/** Plans as a table, newest first. */
export function plansTable(plans: readonly PlanCard[]): string {
  if (plans.length === 0) return 'There are no plans.';
  return renderContent({
    kind: 'table',
    columns: ['plan', 'state', 'goal', 'by', 'since'],
    rows: plans.map(({ id, state, review, goal, requester, createdAt }) => [
      id,
      `${state.replaceAll('-', ' ')}${review ? `, review ${review.state}` : ''}`,
      goal,
      requester,
      createdAt.slice(0, 19).replace('T', ' '),
    ]),
  });
}
