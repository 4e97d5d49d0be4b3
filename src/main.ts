import path from 'node:path';
import type { LocalCommands } from './cli/local-commands.ts';
import { createProgram } from './cli/program.ts';
import { toFault } from './domain/fault.ts';
import { packageRoot } from './main/package-root.ts';

// Whoever reads our output may stop reading (`reign tools | head`): that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The composition root. What a command does not need is not loaded.
const local: LocalCommands = {
  start: async (flags) => (await import('./main/run.ts')).run(flags),
  init: async (options) => (await import('./main/init.ts')).init(options),
  backup: async (folder, options) => (await import('./main/backup-commands.ts')).backup(folder, options),
  restore: async (folder, options) => (await import('./main/backup-commands.ts')).restore(folder, options),
  health: async (options) => (await import('./main/health.ts')).health(options),
  migrate: async (options) => (await import('./main/migrate.ts')).migrateDatabase(options),
  doctor: async (options) => (await import('./main/doctor/index.ts')).doctor(options),
  policyCheck: async (files, options) =>
    (await import('./main/policy-commands.ts')).policyCheck(files, options),
  policyExplain: async (options) => (await import('./main/policy-commands.ts')).policyExplain(options),
  runbooks: async (name, options) => (await import('./main/runbooks-command.ts')).showRunbooks(name, options),
  runbooksCheck: async (files, options) =>
    (await import('./main/runbooks-command.ts')).checkRunbooks(files, options),
  tools: async (options) => (await import('./main/tools-command.ts')).listTools(options),
  toolsCheck: async (place, options) => (await import('./main/tools-command.ts')).checkTools(place, options),
  llmCases: () => path.join(packageRoot, 'src/planner/llm/eval-cases.jsonl'),
  evaluate: async (file, options) => (await import('./main/eval-command.ts')).evaluateFile(file, options),
  verifyExport: async (file, options) =>
    (await import('./main/verify-export.ts')).verifyExport(file, options),
};

try {
  await createProgram(local).parseAsync();
} catch (error) {
  process.stderr.write(`${toFault(error).message}\n`);
  process.exitCode = 1;
}
