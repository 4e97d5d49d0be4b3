import type { ProgramResult, RunProgram } from '../../../src/domain/ports/reader.ts';
import type { FaultyServer, Seen, Trouble } from './faulty-server.ts';

/** Runs programs while something is wrong with them: they are really killed, crash, say something else, or may not run. */
export function runUnder(trouble: Trouble | undefined, run: RunProgram): RunProgram {
  return async (program, args, options) => {
    const instead = (script: string, limitSeconds = options.limitSeconds) =>
      run('/bin/sh', ['-c', script], { ...options, limitSeconds });
    switch (trouble?.kind) {
      case 'hang':
        return instead('sleep 60', 0.05);
      case 'reset':
        return instead('echo "fatal error: unexpected signal" >&2; exit 2');
      case 'cut':
        return cut(await run(program, args, options));
      case 'answer':
        return instead(trouble.status === 403 ? 'exec /etc/passwd' : `echo '${trouble.body}'; exit 0`);
      default:
        return run(program, args, options);
    }
  };
}

/** Each run as a write to one server, for operations that run programs and ask nobody else. */
export function startFaultyPrograms(): FaultyServer & { runs(run: RunProgram): RunProgram } {
  const faulty: FaultyServer = {
    ...{ url: '', asked: [], written: [], trouble: undefined, hangs: () => {}, kills: () => {} },
    close: async () => {},
  };
  return Object.assign(faulty, {
    runs:
      (run: RunProgram): RunProgram =>
      (program, args, options) => {
        const seen: Seen = { method: 'RUN', path: program, body: args.join(' '), look: false, dryRun: false };
        faulty.asked.push(seen);
        const trouble = faulty.trouble?.(seen);
        if (trouble === undefined) faulty.written.push(seen);
        return runUnder(trouble, run)(program, args, options);
      },
  });
}

function cut(result: ProgramResult): ProgramResult {
  return { ...result, stdout: result.stdout.slice(0, result.stdout.length / 2) };
}
