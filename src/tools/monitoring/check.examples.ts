/** How people ask for it, and what they say by it. */
export const examples = [
  { request: 'is https://status.acme.test up?', params: { url: 'https://status.acme.test' } },
  { request: 'check https://api.acme.test/healthz', params: { url: 'https://api.acme.test/healthz' } },
  {
    request: 'ping http://intranet.acme.test:8080/ready',
    params: { url: 'http://intranet.acme.test:8080/ready' },
  },
  { request: 'health check docs.acme.test', params: { url: 'docs.acme.test' } },
  { request: 'does https://login.acme.test respond', params: { url: 'https://login.acme.test' } },
  { request: 'is our site https://www.acme.test reachable', params: { url: 'https://www.acme.test' } },
  { request: 'chekc the health of https://pay.acme.test', params: { url: 'https://pay.acme.test' } },
  {
    request: 'what status code does https://files.acme.test/ping return',
    params: { url: 'https://files.acme.test/ping' },
  },
  {
    request: 'when does the certificate of https://mail.acme.test expire?',
    params: { url: 'https://mail.acme.test' },
  },
  { request: 'is shop.acme.test down', params: { url: 'shop.acme.test' } },
  { request: 'see if http://10.0.3.7:9000/live answers', params: { url: 'http://10.0.3.7:9000/live' } },
  { request: 'run a health check', params: {} },
  {
    request: 'how fast does https://cdn.acme.test/app.js load',
    params: { url: 'https://cdn.acme.test/app.js' },
  },
];
