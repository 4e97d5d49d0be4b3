import type { EnvironmentView } from '../domain/environment.ts';
import type { Extensions } from '../domain/extensions.ts';
import type { CredentialSource, OpenSecret } from '../domain/ports/credentials.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Telemetry } from '../domain/ports/telemetry.ts';
import type { TerraformStates } from '../domain/ports/terraform-states.ts';
import type { PodOptions } from './pod/options.ts';

export type SandboxOptions = {
  /** The built entry of a step, below one of `codeFolders`. */
  stepHost: string;
  /** The built first process of a step's pod. */
  stepPod?: string;
  /** Folders with the code that a step needs; it can read them and nothing beside them. */
  codeFolders: readonly string[];
  /** What the operator adds; a step can read its code and never write it. */
  extensions?: Extensions;
  /** A folder for the steps' work folders and sockets; made with mode 0700 when it is missing. */
  workRoot: string;
  environments: readonly EnvironmentView[];
  credentials: CredentialSource;
  /** Opens secrets for requests that were admitted. Without it such a request is refused. */
  openSecret?: OpenSecret;
  /** Where Terraform's states and saved plans are kept. */
  terraform?: TerraformStates;
  /** Masks secrets in what a step says: progress, faults and captured output. */
  redact: (text: string) => string;
  /** `host`, `host:port`, address or CIDR whose private addresses `POST /probe` may reach. */
  httpAllow: readonly string[];
  /** Children forked ahead for tools; one is kept for code where the backend isolates. Default 2. */
  poolSize?: number;
  logger: Logger;
  /** Without it nothing is measured. */
  telemetry?: Telemetry;
  /** `required`: no sandbox, no start. `if-available`: plain processes where bubblewrap does not work, and no code. */
  isolation: 'required' | 'if-available';
  /** `auto`, the default: bubblewrap where it works, else pods where they are configured. */
  backend?: 'auto' | 'bubblewrap' | 'pod';
  /** Where and how pods for steps are made. */
  pod?: PodOptions;
  /** Name or full path of bubblewrap's program where it is not `bwrap`. */
  bubblewrap?: string;
};

export type Profile = 'tool' | 'code';
