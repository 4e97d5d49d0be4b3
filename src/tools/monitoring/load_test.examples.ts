/** How people ask for it, and what they say by it. */
export const examples = [
  {
    request: 'load test https://shop.acme.test with 20 connections for 30s',
    params: { url: 'https://shop.acme.test', connections: 20, duration: '30s' },
  },
  { request: 'load-test http://10.0.3.7:9000/live', params: { url: 'http://10.0.3.7:9000/live' } },
  {
    request: 'hammer https://api.acme.test/search with 100 connections for 2m',
    params: { url: 'https://api.acme.test/search', connections: 100, duration: '2m' },
  },
  {
    request: 'stress test https://pay.acme.test for 45s',
    params: { url: 'https://pay.acme.test', duration: '45s' },
  },
  {
    request: 'how many requests a second can https://www.acme.test take? load test it',
    params: { url: 'https://www.acme.test' },
  },
  {
    request: 'npx autocannon -c 50 -d 20 https://docs.acme.test',
    params: { url: 'https://docs.acme.test', connections: 50, duration: '20' },
  },
  {
    request: 'run a load test against https://login.acme.test with 25 users',
    params: { url: 'https://login.acme.test', connections: 25 },
  },
  {
    request: 'put load on http://intranet.acme.test:8080/ready for a minute',
    params: { url: 'http://intranet.acme.test:8080/ready', duration: 'a minute' },
  },
  {
    request: 'benchmark https://cdn.acme.test/app.js over 10 connections',
    params: { url: 'https://cdn.acme.test/app.js', connections: 10 },
  },
  {
    request: 'laod test https://files.acme.test/ping for 10 seconds',
    params: { url: 'https://files.acme.test/ping', duration: '10 seconds' },
  },
  {
    request: 'send 5 connections of load to https://mail.acme.test for 1m',
    params: { url: 'https://mail.acme.test', connections: 5, duration: '1m' },
  },
  { request: 'do a load test', params: {} },
];
