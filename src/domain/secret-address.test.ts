import { expect, test } from 'vitest';
import { addressForms, parseSecretAddress } from './secret-address.ts';

test.each([
  [
    'vault://vault.example:8200/v1/team/secret/data/app/db#password',
    { kind: 'vault', host: 'vault.example:8200', path: 'team/secret/data/app/db', key: 'password' },
  ],
  [
    'aws-sm://eu-central-1/prod/db#password',
    { kind: 'aws', region: 'eu-central-1', name: 'prod/db', key: 'password' },
  ],
  ['aws-sm://us-gov-west-1/token', { kind: 'aws', region: 'us-gov-west-1', name: 'token' }],
  [
    'gcp-sm://projects/shop-1/secrets/partner/versions/latest',
    { kind: 'gcp', project: 'shop-1', secret: 'partner', version: 'latest' },
  ],
  ['azure-kv://shop-vault/partner-token', { kind: 'azure', vault: 'shop-vault', name: 'partner-token' }],
  ['file:///run/secrets/partner', { kind: 'file', path: '/run/secrets/partner' }],
  ['file:///run/secrets/app.json#token', { kind: 'file', path: '/run/secrets/app.json', key: 'token' }],
])('%s is understood', (text, address) => {
  expect(parseSecretAddress(text)).toEqual(address);
});

test.each([
  'vault://vault.example/v1/secret/data/app',
  'vault://vault.example/v1/secret/app#key',
  'vault://vault.example/v1/secret/data/../../sys/data/x#key',
  'vault://user:secret@vault.example/v1/secret/data/app#key',
  'aws-sm://evil.example/name',
  'azure-kv://a.b/name',
  'file:///run/secrets/../../etc/shadow',
  'file://relative',
  'https://vault.example/v1/secret/data/app#key',
  'hunter2',
])('%s is no address', (text) => {
  expect(parseSecretAddress(text)).toBeUndefined();
});

test('each form that people are told is one', () => {
  const filled = addressForms.map((form) =>
    form
      .replace('REGION', 'eu-west-1')
      .replace('VAULT/', 'shop/')
      .replaceAll(/[A-Z]{3,}/g, 'abcdef'),
  );
  expect(filled.map(parseSecretAddress)).not.toContain(undefined);
});
