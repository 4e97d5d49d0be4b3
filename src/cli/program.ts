import path from 'node:path';
import { Command } from 'commander';
import { addAsk } from './ask-command.ts';
import { addCredentialCommands } from './credential-commands.ts';
import { withDescendants } from './descendants.ts';
import type { LocalCommands, StartFlags } from './local-commands.ts';
import { addOperationCommands } from './operation-commands.ts';
import { createOutput, guarded } from './output.ts';
import { addPlanCommands, type Shared } from './plan-commands.ts';

type Flags = { json?: boolean; data?: string; as?: string; config?: string };

/** Reign's command line. Talks to the running Reign over HTTP; what needs none is given as `local`. */
export function createProgram(local: LocalCommands): Command {
  const program = new Command('reign')
    .description('The chat-ops general: plain words in, previewed and approved infrastructure work out.')
    .showHelpAfterError('(reign help shows all commands)');
  addStart(program, local);
  addTalking(program);
  addPlanCommands(program, sharedFlags);
  addOperationCommands(program, local, sharedFlags);
  addCredentialCommands(program, sharedFlags);
  addLocal(program, local);
  for (const command of withDescendants(program)) addShared(command);
  return program;
}

function addStart(program: Command, local: LocalCommands): void {
  program
    .command('start')
    .description('start Reign; without a reign.yaml in demo mode')
    .option('--role <role>', 'all, gateway or worker')
    .option('--port <n>', 'port of the page and the API; 0 for a free one')
    .option('--no-install', 'never install redis-server or bubblewrap')
    .action((_flags: object, command: Command) =>
      guarded(createOutput(false), () => local.start(command.optsWithGlobals<StartFlags>())),
    );
  program
    .command('init')
    .description('write a reign.yaml from what is found here; ends demo mode')
    .option('--yes', 'ask nothing')
    .action((flags: { yes?: boolean }, command: Command) => {
      const { config } = command.optsWithGlobals<Flags>();
      return guarded(createOutput(false), () =>
        local.init({ yes: flags.yes === true, ...(config === undefined ? {} : { config }) }),
      );
    });
}

function addTalking(program: Command): void {
  addAsk(program, sharedFlags);
  program
    .command('chat')
    .description('talk with Reign in the terminal')
    .action((_flags: object, command: Command) =>
      guarded(createOutput(false), async () => {
        const { chat } = await import('./chat.ts');
        return chat(sharedFlags(command));
      }),
    );
}

type EvalFlags = { llm?: boolean; times: string };

function addEval(
  program: Command,
  local: LocalCommands,
  flagsOf: (command: Command) => { json: boolean },
): void {
  program
    .command('eval [file]')
    .description(
      'score the built-in planner on a file of cases, or with --llm the running Reign and its model',
    )
    .option('--llm', 'put the written cases to the Reign that runs; plans are cancelled')
    .option('--times <n>', 'with --llm: how often each case is put', '3')
    .action((file: string | undefined, flags: EvalFlags, command: Command) => {
      const output = createOutput(flagsOf(command).json);
      return guarded(output, async () => {
        if (!flags.llm) return local.evaluate(file ?? '', flagsOf(command));
        const { evalLlm } = await import('./eval-llm.ts');
        const times = Math.max(1, Number(flags.times) || 3);
        return evalLlm(output, { ...sharedFlags(command), file: file ?? local.llmCases(), times });
      });
    });
}

function addLocal(program: Command, local: LocalCommands): void {
  const flagsOf = (command: Command) => {
    const { json, config, data, as } = command.optsWithGlobals<Flags>();
    return {
      json: json === true,
      ...(config === undefined ? {} : { config }),
      ...(data === undefined ? {} : { data }),
      ...(as === undefined ? {} : { as }),
    };
  };
  program
    .command('doctor')
    .description('find what is missing or wrong, with the line that mends it')
    .action((_flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.doctor(flagsOf(command))),
    );
  addBackup(program, local, flagsOf);
  program
    .command('health')
    .description('whether the Reign of this data folder works; for health checks of containers')
    .option('--live', 'only whether the process answers, whatever it lacks')
    .action(({ live }: { live?: boolean }, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () =>
        local.health({ ...flagsOf(command), live: live === true }),
      ),
    );
  program
    .command('migrate')
    .description('bring the database up to date, for processes that are told not to (database.migrations)')
    .action((_flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.migrate(flagsOf(command))),
    );
  const policy = program.command('policy').description('the rules');
  policy
    .command('check [files...]')
    .description('check policy files; problems come with file and line')
    .action((files: string[], _flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.policyCheck(files, flagsOf(command))),
    );
  policy
    .command('explain')
    .description('who may do what, and who must approve')
    .option('--environment <name>')
    .option('--operation <id>')
    .action((flags: { environment?: string; operation?: string }, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () =>
        local.policyExplain({ ...flagsOf(command), ...flags }),
      ),
    );
  addTools(program, local, flagsOf);
  const runbooks = program
    .command('runbooks [name]')
    .description('every runbook, or one with its parameters and steps')
    .action((name: string | undefined, _flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.runbooks(name, flagsOf(command))),
    );
  runbooks
    .command('check <files...>')
    .description('check files of runbooks; problems come with file and line')
    .action((files: string[], _flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.runbooksCheck(files, flagsOf(command))),
    );
  addEval(program, local, flagsOf);
}

function addBackup(
  program: Command,
  local: LocalCommands,
  flagsOf: (command: Command) => { json: boolean; config?: string },
): void {
  program
    .command('backup <folder>')
    .description('the database, the keys and the configuration into a new folder, while Reign runs')
    .option('--no-master-key', 'leave the master key out: keep it elsewhere')
    .action((folder: string, flags: { masterKey: boolean }, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () =>
        local.backup(folder, { ...flagsOf(command), masterKey: flags.masterKey }),
      ),
    );
  program
    .command('restore <folder>')
    .description('put a backup into an empty database and a new data folder, and verify the audit')
    .option('--database <url>', 'the empty database (default: DATABASE_URL, or one that Reign starts)')
    .action((folder: string, flags: { database?: string }, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () =>
        local.restore(folder, { ...flagsOf(command), ...flags }),
      ),
    );
}

function addTools(
  program: Command,
  local: LocalCommands,
  flagsOf: (command: Command) => { json: boolean; config?: string },
): void {
  const tools = program
    .command('tools')
    .description('every operation')
    .action((_flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.tools(flagsOf(command))),
    );
  tools
    .command('check [place]')
    .description('check a plugin (a folder or a package), or every tool of this Reign')
    .action((place: string | undefined, _flags: object, command: Command) =>
      guarded(createOutput(flagsOf(command).json), () => local.toolsCheck(place, flagsOf(command))),
    );
}

/** The flags that may stand before or after any command. */
function addShared(command: Command): void {
  command
    .option('--json', 'print JSON, one object a line')
    .option('--data <dir>', 'Reign’s data folder (default .reign)')
    .option('--as <name>', 'speak as another person (demo only)')
    .option('--config <file>', 'configuration (default reign.yaml)');
}

function sharedFlags(command: Command): Shared {
  const { json, data, as } = command.optsWithGlobals<Flags>();
  const dataDir = path.resolve(data ?? process.env['REIGN_DATA_DIR'] ?? '.reign');
  return { json: json === true, dataDir, ...(as === undefined ? {} : { as }) };
}
