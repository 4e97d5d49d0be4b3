import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WorkspaceView } from '../../domain/environment.ts';
import { prepareOutside } from './outside.ts';

const url = 'http://127.0.0.1:4000';
const plain: WorkspaceView = { path: 'net', workspace: 'default', state: 'reign' };

async function prepared(more: Partial<WorkspaceView>) {
  const base = mkdtempSync(join(tmpdir(), 'reign-outside-'));
  onTestFinished(() => rmSync(base, { recursive: true }));
  return { base, ...(await prepareOutside(base, { ...plain, ...more })) };
}

test('a workspace without hosts and clouds gets no variables', async () => {
  expect((await prepared({})).environment(url)).toEqual({});
});

test('each cloud is told where to ask, and no credential', async () => {
  const azure = { tenant: 't', subscription: 's' };
  const cloud = { aws: { region: 'eu-central-1' }, google: { project: 'p' }, azure };
  const { environment } = await prepared({ hosts: ['a.example'], cloud });
  expect(environment(url)).toMatchObject({
    HTTPS_PROXY: url,
    AWS_REGION: 'eu-central-1',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/cloud/aws`,
    GCE_METADATA_HOST: '127.0.0.1:4000',
    GOOGLE_PROJECT: 'p',
    ARM_MSI_ENDPOINT: `${url}/cloud/azure`,
    ARM_TENANT_ID: 't',
  });
});

test('who asks for a credential must say so as the libraries do', async () => {
  const { base, mayAsk, environment } = await prepared({ cloud: { aws: { region: 'eu-central-1' } } });
  const token = readFileSync(join(base, 'aws-token'), 'utf8');
  expect(JSON.stringify(environment(url))).not.toContain(token);
  expect(mayAsk('/cloud/aws', {})).toBe(false);
  expect(mayAsk('/cloud/aws', { authorization: 'other' })).toBe(false);
  expect(mayAsk('/cloud/aws', { authorization: token })).toBe(true);
  expect(mayAsk('/cloud/azure?resource=x', {})).toBe(false);
  expect(mayAsk('/cloud/azure?resource=x', { metadata: 'true' })).toBe(true);
  expect(mayAsk('/computeMetadata/v1/x', {})).toBe(false);
  expect(mayAsk('/computeMetadata/v1/x', { 'metadata-flavor': 'Google' })).toBe(true);
  expect(mayAsk('/state', {})).toBe(true);
});
