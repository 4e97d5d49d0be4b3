/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'put vault:payments-db into key password of the secret ledger-db in prod',
    params: { secret: 'vault:payments-db', key: 'password', name: 'ledger-db', environment: 'prod' },
  },
  {
    request: 'set key token of secret partner-api to vault:partner-token',
    params: { key: 'token', name: 'partner-api', secret: 'vault:partner-token' },
  },
  {
    request: 'update the secret smtp-login in staging: key password from vault:smtp',
    params: { name: 'smtp-login', environment: 'staging', key: 'password', secret: 'vault:smtp' },
  },
  {
    request: 'store vault:stripe-key as api-key in secret payments-keys',
    params: { secret: 'vault:stripe-key', key: 'api-key', name: 'payments-keys' },
  },
  {
    request: 'rotate the password in secret ledger-db to vault:ledger-new in namespace finance',
    params: { key: 'password', name: 'ledger-db', secret: 'vault:ledger-new', namespace: 'finance' },
  },
  {
    request: 'secret registry-login key password should be vault:registry in dev',
    params: { name: 'registry-login', key: 'password', secret: 'vault:registry', environment: 'dev' },
  },
  {
    request: 'change key dsn of secret search-config to vault:search-dsn',
    params: { key: 'dsn', name: 'search-config', secret: 'vault:search-dsn' },
  },
  {
    request: 'write vault:webhook to key signing of the secret github-hook in production',
    params: { secret: 'vault:webhook', key: 'signing', name: 'github-hook', environment: 'production' },
  },
  {
    request: 'create secret cdn-purge with key token from vault:cdn',
    params: { name: 'cdn-purge', key: 'token', secret: 'vault:cdn' },
  },
  {
    request: 'fill key client-secret in secret sso with vault:sso-client',
    params: { key: 'client-secret', name: 'sso', secret: 'vault:sso-client' },
  },
  {
    request: 'use vault:redis-pass as password in the kubernetes secret cache-auth',
    params: { secret: 'vault:redis-pass', key: 'password', name: 'cache-auth' },
  },
  {
    request: 'set secret mail-relay key user to vault:relay-user in ns social',
    params: { name: 'mail-relay', key: 'user', secret: 'vault:relay-user', namespace: 'social' },
  },
];
