import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { renderContent } from '../../adapters/terminal/index.ts';
import { FaultError } from '../domain/fault.ts';
import { connect } from './client.ts';
import type { LocalCommands } from './local-commands.ts';
import { createOutput, exit, guarded, type Output } from './output.ts';
import type { Shared } from './plan-commands.ts';

type Event = { at: string; actor: string; type: string; chain: string; seq: number };
type Report = {
  ok: boolean;
  rows: number;
  chains?: number;
  checkpoints?: number;
  problem?: { where: string; what: string };
};

/** `reign freeze`, `unfreeze`, `audit …` and `link`. */
export function addOperationCommands(
  program: Command,
  local: LocalCommands,
  shared: (command: Command) => Shared,
): void {
  addFreezes(program, shared);
  const audit = addAudit(program, shared);
  addVerify(audit, local, shared);
  addExport(audit, shared);
  addLink(program, shared);
}

/** Those of them that touch no file, for where there is none: `freeze`, `unfreeze`, `audit list` and `audit verify`. */
export function addRemoteOperations(program: Command, shared: (command: Command) => Shared): void {
  addFreezes(program, shared);
  const audit = addAudit(program, shared);
  audit
    .command('verify')
    .description('check every chain and checkpoint')
    .action((_flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, () => verifyRunning(options, output));
    });
}

function addAudit(program: Command, shared: (command: Command) => Shared): Command {
  const audit = program.command('audit').description('the tamper-evident history');
  audit
    .command('list')
    .option('--plan <id>')
    .option('--person <name>')
    .option('--limit <n>', 'how many', '50')
    .action((flags: { plan?: string; person?: string; limit: string }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const query = new URLSearchParams(Object.entries(flags));
        const client = await connect(options);
        const { events } = await client.call<{ events: Event[] }>('GET', `/api/v1/audit?${query}`);
        for (const event of events) output.event({ ...event, type: 'audit', event: event.type });
        const rows = events.map(({ at, actor, type, chain, seq }) => [at, actor, type, `${chain} ${seq}`]);
        output.say(renderContent({ kind: 'table', columns: ['when', 'who', 'what', 'where'], rows }));
        return exit.done;
      });
    });
  return audit;
}

function addVerify(audit: Command, local: LocalCommands, shared: (command: Command) => Shared): void {
  audit
    .command('verify')
    .description('check every chain and checkpoint, of the running Reign or of an export')
    .option('--file <export>', 'an export to check offline')
    .option('--key <pem>', 'the gateway’s public key that you trust (offline)')
    .action((flags: { file?: string; key?: string }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        if (flags.file !== undefined) {
          const key = flags.key === undefined ? {} : { key: flags.key };
          return local.verifyExport(flags.file, { json: options.json, ...key });
        }
        return verifyRunning(options, output);
      });
    });
}

async function verifyRunning(options: Shared, output: Output): Promise<number> {
  const report = await (await connect(options)).call<Report>('POST', '/api/v1/audit/verify');
  output.event({ type: 'audit-verify', ...report });
  output.say(reportInWords(report));
  return report.ok ? exit.done : exit.failed;
}

function addExport(audit: Command, shared: (command: Command) => Shared): void {
  audit
    .command('export [file]')
    .description('write the whole audit as JSON lines (to standard output without a file)')
    .action((file: string | undefined, _flags: object, command: Command) => {
      const output = createOutput(false);
      return guarded(output, async () => {
        const stream = await (await connect(shared(command))).stream('/api/v1/audit/export');
        const target = file === undefined ? process.stdout : createWriteStream(file, { mode: 0o600 });
        await pipeline(Readable.fromWeb(stream as never), target, { end: file !== undefined });
        return exit.done;
      });
    });
}

function addLink(program: Command, shared: (command: Command) => Shared): void {
  program
    .command('link')
    .description('a new single-use sign-in link for the page')
    .action((_flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const client = await connect(options);
        const { token } = await client.call<{ token: string }>('POST', '/api/v1/links');
        const url = `${client.url}/#token=${token}`;
        output.event({ type: 'link', url });
        output.say(url);
        return exit.done;
      });
    });
}

/** A report of `audit verify` for people. */
export function reportInWords(report: Report): string {
  if (report.problem) return `The audit does not hold at ${report.problem.where}: ${report.problem.what}.`;
  return `The audit holds: ${report.rows} rows in ${report.chains} chains, ${report.checkpoints} signed checkpoints.`;
}

function addFreezes(program: Command, shared: (command: Command) => Shared): void {
  program
    .command('freeze <scope> <reason...>')
    .description('hold all writes to an environment (or environment/namespace)')
    .option('--for <duration>', 'for how long, e.g. 2h; without it until unfreeze')
    .action((scope: string, reason: string[], flags: { for?: string }, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        const until = flags.for === undefined ? {} : { until: endOf(flags.for) };
        const body = { scope, reason: reason.join(' '), ...until };
        const { freeze } = await (await connect(options)).call<{ freeze: { scope: string; reason: string } }>(
          'POST',
          '/api/v1/freezes',
          body,
        );
        output.event({ type: 'freeze', ...freeze });
        output.say(`${scope} is frozen${flags.for ? ` for ${flags.for}` : ''}: ${reason.join(' ')}.`);
        return exit.done;
      });
    });
  program
    .command('unfreeze <scope>')
    .description('end a freeze')
    .action((scope: string, _flags: object, command: Command) => {
      const options = shared(command);
      const output = createOutput(options.json, options.screen);
      return guarded(output, async () => {
        await (await connect(options)).call('POST', '/api/v1/freezes/end', { scope });
        output.event({ type: 'unfreeze', scope });
        output.say(`${scope} is open again; what was held goes on.`);
        return exit.done;
      });
    });
}

function endOf(duration: string): string {
  const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  const factor = units[unit];
  if (!count || !factor)
    throw new FaultError('bad-request', `"${duration}" is no duration; write 30m, 2h or 1d.`);
  return new Date(Date.now() + Number(count) * factor).toISOString();
}
