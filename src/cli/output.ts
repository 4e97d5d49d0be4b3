import { renderContent } from '../../adapters/terminal/index.ts';
import type { PlanCard } from '../domain/chat.ts';
import { toFault } from '../domain/fault.ts';
import type { CliEvent } from './event-schema.ts';

/** Exit codes: done, failed or refused, waits for somebody. */
export const exit = { done: 0, failed: 1, waits: 3 } as const;

/** What a command line writes on; this process's own unless another is given. */
export type Screen = {
  write(text: string): void;
  complain(text: string): void;
  end(code: number): void;
};

const ownScreen: Screen = {
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  end: (code) => {
    process.exitCode = code;
  },
};

export type Output = {
  json: boolean;
  screen: Screen;
  /** One JSON object on a line; nothing in text mode. */
  event(event: CliEvent): void;
  /** Words for people; nothing in JSON mode. */
  say(text: string): void;
};

export function createOutput(json: boolean, screen: Screen = ownScreen): Output {
  return {
    json,
    screen,
    event: (event) => {
      if (json) screen.write(`${JSON.stringify(event)}\n`);
    },
    say: (text) => {
      if (!json && text !== '') screen.write(`${text}\n`);
    },
  };
}

/** Runs a command; what it throws becomes one line on stderr (or an `error` event) and exit code 1. */
export async function guarded(output: Output, work: () => Promise<number>): Promise<void> {
  const { screen } = output;
  try {
    screen.end(await work());
  } catch (error) {
    const fault = toFault(error);
    output.event({ type: 'error', ...fault });
    if (!output.json) screen.complain(`${fault.message}\n`);
    screen.end(exit.failed);
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
