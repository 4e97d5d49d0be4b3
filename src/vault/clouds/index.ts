import type { CloudAccess, CloudCredential, WantedCloud } from '../../domain/cloud.ts';
import { FaultError } from '../../domain/fault.ts';
import { awsCredential } from './aws.ts';
import { azureCredential } from './azure.ts';
import { googleCredential } from './google.ts';

/** Makes a short-lived credential; `open` opens the secret that it is made with. */
export type MakeCloud = (
  access: CloudAccess,
  wanted: WantedCloud,
  open: (reference: string) => Promise<string>,
) => Promise<CloudCredential>;

type Env = Readonly<Record<string, string | undefined>>;

/** Asks the clouds in the worker's own name, or with the secrets that are configured. `keep` is told what turns up. */
export function createClouds(env: Env, keep: (secret: string) => void = () => undefined): MakeCloud {
  return async ({ aws, google, azure }, wanted, open) => {
    if (wanted.cloud === 'aws' && aws !== undefined) return awsCredential(env, aws, wanted, { open, keep });
    if (wanted.cloud === 'google' && google !== undefined)
      return googleCredential(env, google, wanted.right, keep);
    if (wanted.cloud === 'azure' && azure !== undefined)
      return azureCredential(env, azure, wanted.right, wanted.resource);
    throw new FaultError(
      'not-found',
      `This workspace has no credential of ${wanted.cloud}: see terraform.NAME.cloud in reign.yaml.`,
    );
  };
}
