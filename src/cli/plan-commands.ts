import type { Command } from 'commander';
import { renderBody } from '../../adapters/terminal/index.ts';
import { FaultError } from '../domain/fault.ts';
import { type ClientOptions, connect } from './client.ts';
import { followPlan } from './follow.ts';
import { createOutput, exit, guarded, plansTable, type Screen } from './output.ts';

export type Shared = ClientOptions & { json: boolean; screen?: Screen };

/** `reign plan …`: lists and shows plans, and takes decisions. */
export function addPlanCommands(program: Command, shared: (command: Command) => Shared): void {
  const plan = program.command('plan').description('list, show and decide plans');
  plan
    .command('list')
    .option('--open', 'only plans that have not ended')
    .action((flags: { open?: boolean }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const plans = await (await connect(options)).plans(flags.open === true);
        for (const card of plans) output.event({ type: 'plan', ...card });
        output.say(plansTable(plans));
        return exit.done;
      });
    });
  plan.command('show <id>').action((id: string, _flags: object, command: Command) => {
    const options = shared(command);
    const output = createOutput(options.json, options.screen);
    return guarded(output, async () => {
      const card = await (await connect(options)).plan(id);
      output.event({ type: 'plan', ...card });
      output.say(renderBody({ kind: 'plan', plan: card }));
      output.say(renderBody({ kind: 'progress', plan: card }));
      if (card.outcome) output.say(card.outcome);
      return exit.done;
    });
  });
  addDecision(plan, shared, 'approve', 'approve a plan as it stands now, or as --revision showed it');
  addDecision(plan, shared, 'reject', 'reject a plan');
  addReview(plan, shared);
  addActs(plan, shared);
}

function addDecision(
  plan: Command,
  shared: (command: Command) => Shared,
  verdict: 'approve' | 'reject',
  description: string,
): void {
  plan
    .command(`${verdict} <id> [reason...]`)
    .description(description)
    .option('--revision <n>', 'the revision that you were shown', Number)
    .option('--break-glass', 'run it alone, as the person on call, with a reason; others review it')
    .option('--wait', 'follow the plan to its end')
    .action(
      (
        id: string,
        reason: string[],
        flags: { revision?: number; wait?: boolean; breakGlass?: boolean },
        command: Command,
      ) => {
        const options = shared(command);
        const output = createOutput(options.json, options.screen);
        return guarded(output, async () => {
          const client = await connect(options);
          const revision = flags.revision ?? (await client.plan(id)).revision;
          const why = reason.length > 0 ? { reason: reason.join(' ') } : {};
          const alone = flags.breakGlass ? { breakGlass: true } : {};
          const { state } = await client.decide(id, { revision, verdict, ...why, ...alone });
          output.event({ type: 'approval', plan: id, revision, verdict, accepted: true, state });
          output.say(
            `${verdict === 'approve' ? 'Approved' : 'Rejected'}: ${id} is ${state.replaceAll('-', ' ')}.`,
          );
          if (flags.wait) return followPlan(client, output, id, { approve: false, wait: true });
          return state === 'waiting-for-approval' ? exit.waits : exit.done;
        });
      },
    );
}

function addReview(plan: Command, shared: (command: Command) => Shared): void {
  plan
    .command('review <id> <verdict> [reason...]')
    .description('say whether a plan that the person on call ran alone was right (approve or reject)')
    .action((id: string, verdict: string, reason: string[], _flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        if (verdict !== 'approve' && verdict !== 'reject')
          throw new FaultError('bad-request', `"${verdict}" is no verdict: say approve or reject.`);
        const client = await connect(options);
        const why = reason.length > 0 ? { reason: reason.join(' ') } : {};
        const { state } = await client.review(id, { verdict, ...why });
        output.event({ type: 'review', plan: id, verdict, state });
        output.say(`Noted. The review of ${id} is ${state}.`);
        return exit.done;
      });
    });
}

function addActs(plan: Command, shared: (command: Command) => Shared): void {
  plan
    .command('cancel <id>')
    .description('stop a plan; what runs finishes')
    .action((id: string, _flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const { state } = await (await connect(options)).cancel(id);
        output.event({ type: 'cancelled', plan: id, state });
        output.say(state === 'running' ? `${id} stops when what runs has finished.` : `${id} is cancelled.`);
        return exit.done;
      });
    });
  plan
    .command('undo <id>')
    .description('put back what a finished plan did')
    .option('--wait', 'wait for others where they must approve')
    .action((id: string, flags: { wait?: boolean }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const client = await connect(options);
        const undo = await client.undo(id);
        return followPlan(client, output, undo, { approve: false, wait: flags.wait === true });
      });
    });
}
