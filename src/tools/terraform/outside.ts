import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceView } from '../../domain/environment.ts';
import type { MayAsk } from '../../domain/ports/reader.ts';

/** How Terraform and its providers reach what the workspace may reach. */
export type Outside = {
  mayAsk: MayAsk;
  /** Variables for a forwarder at `url`. No credential is among them: each cloud's own libraries ask for theirs. */
  environment(url: string): Record<string, string>;
};

/**
 * Prepares in `base`, a folder of the step's own, what the clouds' libraries need: AWS's ask a container's endpoint with
 * the token of a file, Google's a metadata server, Azure's a machine's identity.
 */
export async function prepareOutside(base: string, { hosts, cloud = {} }: WorkspaceView): Promise<Outside> {
  const token = randomBytes(32).toString('hex');
  const tokenFile = join(base, 'aws-token');
  if (cloud.aws !== undefined) await writeFile(tokenFile, token, { mode: 0o600 });
  return {
    mayAsk: (path, headers) => {
      if (path.startsWith('/cloud/aws')) return headers['authorization'] === token;
      if (path.startsWith('/cloud/azure')) return headers['metadata'] === 'true';
      return !path.startsWith('/computeMetadata/') || headers['metadata-flavor'] === 'Google';
    },
    environment: (url) => ({
      ...(hosts === undefined ? {} : proxyVariables(url)),
      ...(cloud.aws === undefined ? {} : awsVariables(url, cloud.aws.region, tokenFile)),
      ...(cloud.google === undefined ? {} : googleVariables(url, cloud.google.project)),
      ...(cloud.azure === undefined ? {} : azureVariables(url, cloud.azure)),
    }),
  };
}

/** Some programs read the one spelling, some the other. */
function proxyVariables(url: string): Record<string, string> {
  const own = '127.0.0.1,localhost';
  return { HTTPS_PROXY: url, https_proxy: url, NO_PROXY: own, no_proxy: own };
}

function awsVariables(url: string, region: string, tokenFile: string): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/cloud/aws`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function googleVariables(url: string, project: string | undefined): Record<string, string> {
  const named = project === undefined ? {} : { GOOGLE_PROJECT: project };
  return { GCE_METADATA_HOST: new URL(url).host, ...named };
}

function azureVariables(url: string, { tenant, subscription }: { tenant: string; subscription: string }) {
  return {
    ...{ ARM_USE_MSI: 'true', ARM_MSI_ENDPOINT: `${url}/cloud/azure` },
    ...{ ARM_TENANT_ID: tenant, ARM_SUBSCRIPTION_ID: subscription },
  };
}
