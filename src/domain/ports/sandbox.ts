import type { Fault } from '../fault.ts';
import type { Json } from '../json.ts';
import type { EgressRule } from '../operation.ts';
import type { SecretScope } from './secrets.ts';

export type StepPhase =
  | 'resolve'
  | 'preview'
  | 'capture'
  | 'execute'
  | 'landed'
  | 'verify'
  | 'preview-restore'
  | 'restore'
  | 'verify-restored';

/** One call into a step process. All of it is plain JSON; `args` depend on the phase (see src/step-host.ts). */
export type StepCall = { operation: string; phase: StepPhase; args: Json };

export type StepReply = { ok: true; value: Json } | { ok: false; fault: Fault };

/**
 * What the broker lets through while a call runs. `read` passes GET, HEAD and server-side dry runs; `write` passes the
 * rules too, but only after `gate` has said yes, which checks the plan's digest and signed decisions anew. `holds` is
 * asked right before each write besides: whether the lease still holds. `landed` is told of each that the server took.
 */
export type Grant = {
  connections: readonly string[];
  /** Who asked for it: in their name it reaches connections where steps act as the asker. */
  people?: readonly string[];
  write?: {
    rules: readonly EgressRule[];
    gate: () => Promise<{ ok: true } | { ok: false; fault: Fault }>;
    /** The step that writes, marked on what the broker itself keeps. */
    step?: string;
    holds?: () => boolean;
    landed?: () => void;
    /** References of the secrets that its requests may carry, their approved versions, and where they are used. */
    secrets?: {
      references: readonly string[];
      versions: Readonly<Record<string, string>>;
      scope: SecretScope;
    };
  };
};

export type CallOptions = {
  grant: Grant;
  /** Wall-clock limit; at its end the whole process group is killed. */
  deadline: Date;
  signal?: AbortSignal;
  /** The longest grace after `signal`, where others wait for the process to be gone. */
  signalGraceSeconds?: number;
  onProgress?: (line: string) => void;
  memoryMb: number;
  stop: { signal: 'SIGINT' | 'SIGTERM'; graceSeconds: number };
};

/** A sandboxed process that serves one plan. Never reused across plans; single use for code. */
export interface StepSession {
  call(call: StepCall, options: CallOptions): Promise<StepReply>;
  /** Whether a process of it has ended, as after a call that was stopped: further calls to that one are refused. */
  ended(): boolean;
  close(): Promise<void>;
}

/** Starts and bounds step processes, under bubblewrap or in pods. */
export interface Sandbox {
  /** Hands out a process that was forked ahead and has seen no other plan. */
  open(options: { planId: string; profile: 'tool' | 'code' }): Promise<StepSession>;
  /** What holds on this machine, for `doctor` and the banner. */
  describe(): SandboxReport;
  close(): Promise<void>;
}

export type SandboxReport = {
  backend: 'bubblewrap' | 'pod' | 'process';
  /** False means: no isolation; code is refused and production refuses to start. */
  isolates: boolean;
  holds: readonly string[];
  lacks: readonly string[];
};
