import type { Json } from './json.ts';

/** Whose rights a Terraform workspace gets in clouds, each for about an hour. Secrets are references, never values. */
export type CloudAccess = {
  aws?: {
    role: string;
    /** For what only looks; without it such steps get the role narrowed to reading. */
    planRole?: string;
    region: string;
    externalId?: string;
    /** Asks for the role; without both it is the worker's own identity. */
    keys?: { id: string; secret: string };
    webIdentity?: string;
  };
  google?: { serviceAccount: string; planServiceAccount?: string; project?: string };
  azure?: { tenant: string; subscription: string; client: string; planClient: string };
};

/** What a step may know of it. */
export type CloudView = {
  aws?: { region: string };
  google?: { project?: string };
  azure?: { tenant: string; subscription: string };
};

/** A credential that a step asks for. `session` is what the cloud's own log shows of it. */
export type WantedCloud = {
  right: 'look' | 'write';
  session: string;
} & ({ cloud: 'aws' | 'google' } | { cloud: 'azure'; resource: string });

/** `answer` is in the form that the cloud's own libraries read; `until` is its end in milliseconds since 1970. */
export type CloudCredential = {
  answer: { [field: string]: Json };
  secrets: readonly string[];
  until: number;
};

export function cloudView({ aws, google, azure }: CloudAccess): CloudView {
  return {
    ...(aws === undefined ? {} : { aws: { region: aws.region } }),
    ...(google === undefined
      ? {}
      : { google: google.project === undefined ? {} : { project: google.project } }),
    ...(azure === undefined ? {} : { azure: { tenant: azure.tenant, subscription: azure.subscription } }),
  };
}
