import { noExtensions } from '../domain/extensions.ts';
import { FaultError } from '../domain/fault.ts';
import type { Sandbox, SandboxReport, StepSession } from '../domain/ports/sandbox.ts';
import { noTelemetry } from '../domain/ports/telemetry.ts';
import type { Backend } from './backend.ts';
import { createBroker } from './broker/index.ts';
import { type Child, startChild } from './child.ts';
import { chooseBackend } from './choose-backend.ts';
import { childName } from './leftovers.ts';
import type { Profile, SandboxOptions } from './options.ts';
import { createPlaceMaker } from './places.ts';
import { createPool } from './pool.ts';
import { separateSessions } from './separate-sessions.ts';
import { createSession } from './session.ts';

export type { SandboxOptions } from './options.ts';

const defaultPoolSize = 2;

/**
 * The sandbox for steps, and the broker through which they reach the outside. Tries on this machine what it promises.
 * Throws FaultError `unsupported` when isolation is required and cannot be had here.
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { logger, redact, environments, credentials, httpAllow, openSecret = refuseSecrets } = options;
  const { terraform, extensions = noExtensions, telemetry = noTelemetry } = options;
  const placeMaker = createPlaceMaker(options.workRoot);
  const { backend, report } = await chooseBackend(options, placeMaker);
  const kept = terraform === undefined ? {} : { terraform };
  const broker = createBroker({
    environments,
    credentials,
    openSecret,
    httpAllow,
    ...kept,
    logger,
    telemetry,
  });
  const around = { backend, environments, extensions, redact, logger, removePlaces: placeMaker.remove };
  let lastChild = 0;
  const fork = async (profile: Profile, wanted?: AbortSignal): Promise<Child> => {
    lastChild += 1;
    const places = placeMaker.create(childName(lastChild));
    const session = await broker.open(places.socketPath);
    return startChild(around, profile, places, session, wanted);
  };
  const pool = createPool({ sizes: poolSizes(options, backend), start: fork, logger });
  const open = new Set<StepSession>();
  return {
    async open({ planId, profile }) {
      if (profile === 'code' && !backend.isolates) {
        telemetry.count('reign_sandbox_refusals_total', { code: 'refused' });
        throw new FaultError('refused', codeRefused(report));
      }
      const start = async (): Promise<StepSession> => {
        const child = await pool.take(profile);
        const session = createSession({
          child,
          planId,
          redact,
          telemetry,
          onEnd: () => open.delete(session),
        });
        open.add(session);
        return session;
      };
      const own = extensions.plugins.map(({ tool }) => tool);
      return own.length === 0 ? start() : separateSessions(own, start);
    },
    describe: () => report,
    async close() {
      await Promise.all([pool.close(), ...[...open].map((session) => session.close())]);
      await Promise.all([broker.close(), backend.close?.()]);
      placeMaker.close();
    },
  };
}

function poolSizes({ poolSize, pod }: SandboxOptions, { name, isolates }: Backend): Record<Profile, number> {
  const tool = poolSize ?? (name === 'pod' ? pod?.waiting : undefined) ?? defaultPoolSize;
  return { tool, code: isolates && tool > 0 ? 1 : 0 };
}

function codeRefused(report: SandboxReport): string {
  return `Code runs only in a sandbox, and there is none here: ${report.lacks[0] ?? 'nothing isolates steps'}`;
}

async function refuseSecrets(reference: string): Promise<string> {
  throw new FaultError('refused', `No secrets are opened here: ${reference}.`);
}
