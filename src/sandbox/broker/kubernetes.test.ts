import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeKubernetes } from './kubernetes.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';

function judge(method: string, target: string, body?: string) {
  const path = parseRequestPath(target) as RequestPath;
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return judgeKubernetes({ method, path, contentType: 'application/json', body: bytes });
}

const pod = '/api/v1/namespaces/shop/pods/web';

describe('reads', () => {
  it.each([
    '/version',
    '/version/',
    '/api',
    '/apis/apps/v1',
    '/openapi/v3/apis/apps/v1',
    '/readyz/ping',
    '/api/v1/namespaces',
    '/api/v1/namespaces/shop',
    '/api/v1/namespaces/shop/status',
    '/api/v1/pods?watch=true&resourceVersion=4',
    '/api/v1/watch/pods',
    pod,
    `${pod}/log?follow=true`,
    '/api/v1/namespaces/shop/pods/exec',
    '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    '/apis/example.com/v1/things/one/status',
  ])('pass: GET %s', (target) => {
    expect(judge('GET', target)).toEqual({ verdict: 'read' });
    expect(judge('HEAD', target)).toEqual({ verdict: 'read' });
  });

  it.each([
    `${pod}/exec?command=id`,
    `${pod}/exec/`,
    `${pod}/attach`,
    `${pod}/portforward`,
    `${pod}/proxy`,
    `${pod}/proxy/admin`,
    '/api/v1/namespaces/shop/services/web:80/proxy/admin',
    '/api/v1/nodes/one/proxy/logs',
    '/api/v1/proxy/namespaces/shop/pods/web',
    '/apis/subresources.kubevirt.io/v1/namespaces/shop/virtualmachineinstances/one/console',
    '/logs/kubelet.log',
    '/debug/pprof',
    '/',
    '/evil',
  ])('are refused when they act or tunnel: GET %s', (target) => {
    expect(judge('GET', target).verdict).toBe('refuse');
  });

  it.each(['CONNECT', 'OPTIONS', 'TRACE', 'get', 'PROPFIND'])('know no method %s', (method) => {
    expect(judge(method, pod).verdict).toBe('refuse');
  });

  it('include questions about the own rights, and only those', () => {
    const path = '/apis/authorization.k8s.io/v1';
    expect(judge('POST', `${path}/selfsubjectaccessreviews`)).toEqual({ verdict: 'read' });
    expect(judge('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews')).toEqual({ verdict: 'read' });
    expect(judge('POST', `${path}/subjectaccessreviews`).verdict).toBe('write');
    expect(judge('POST', '/apis/evil.io/v1/selfsubjectaccessreviews').verdict).toBe('write');
    expect(judge('PUT', `${path}/selfsubjectaccessreviews`).verdict).toBe('write');
  });
});

describe('dry runs', () => {
  it.each([
    ['POST', '/api/v1/namespaces/shop/pods?dryRun=All'],
    ['PUT', `${pod}?dryRun=All&fieldManager=reign`],
    ['PATCH', `${pod}?fieldManager=reign&dryRun=All`],
    ['DELETE', `${pod}?dryRun=All`],
    ['POST', `${pod}/eviction?dryRun=All`],
    ['PATCH', '/apis/apps/v1/namespaces/shop/deployments/web/scale?dryRun=All'],
  ])('pass: %s %s', (method, target) => {
    expect(judge(method, target)).toEqual({ verdict: 'read' });
  });

  it.each(['', '?dryRunAll', '?fieldManager=dryRun', '?xdryRun=All'])('are not seen in %j', (query) => {
    expect(judge('PATCH', pod + query).verdict).toBe('write');
  });

  it.each([
    '?dryRun=None',
    '?dryRun=',
    '?dryRun',
    '?dryRun=all',
    '?dryRun=All,None',
    '?dryRun=All&dryRun=All',
    '?dryRun=All&dryRun=',
    '?dryRun=All&dryrun=None',
    '?dryrun=All',
    '?DRYRUN=All',
    '?dryRun=%41ll',
    '?dry%52un=All',
    '?dryRun=All&dry%52un=',
    '?dryRun[]=All&dryRun=All&dryRun=None',
    '?dryRun=All+',
  ])('are refused when they try tricks: %s', (query) => {
    expect(judge('PATCH', pod + query).verdict).toBe('refuse');
  });

  it.each([
    `${pod}/exec?command=id&dryRun=All`,
    `${pod}/binding?dryRun=All`,
    '/api/v1/namespaces/shop/serviceaccounts/web/token?dryRun=All',
    '/apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval?dryRun=All',
  ])('do not exist where the server would act: POST %s', (target) => {
    expect(judge('POST', target).verdict).toBe('write');
  });

  it('of a delete must say so in the body too, which overrides the query', () => {
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] };
    const judged = judge('DELETE', `${pod}?dryRun=All`, JSON.stringify(options));
    expect(judged).toEqual({ verdict: 'read', body: Buffer.from(JSON.stringify(options)) });
  });

  it.each([
    '{}',
    '{"dryRun":[]}',
    '{"dryRun":null}',
    '{"dryRun":"All"}',
    '{"dryRun":["All","All"]}',
    '{"dryRun":["all"]}',
    '{"dryRun":["All"],"DryRun":[]}',
    '{"dryrun":["All"]}',
    '{"options":{"dryRun":["All"]}}',
    '[{"dryRun":["All"]}]',
    'dryRun: [All]',
    '{"dryRun":["All"]} trailing',
    '\u0000k8s',
  ])('of a delete are refused with the body %j', (body) => {
    expect(judge('DELETE', `${pod}?dryRun=All`, body).verdict).toBe('refuse');
  });

  it('send the last of two equal keys, as they were understood', () => {
    const body = '{"dryRun":[],"dryRun":["All"]}';
    expect(judge('DELETE', `${pod}?dryRun=All`, body)).toEqual({
      verdict: 'read',
      body: Buffer.from('{"dryRun":["All"]}'),
    });
    expect(judge('DELETE', `${pod}?dryRun=All`, '{"dryRun":["All"],"dryRun":[]}').verdict).toBe('refuse');
  });

  it('are the only writes that a reader may send, whatever the query', () => {
    const pair = fc.constantFrom(
      'dryRun=All',
      'dryRun=None',
      'dryrun=All',
      'a=b',
      'dryRun',
      '%64ryRun=All',
      '',
    );
    const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE');
    fc.assert(
      fc.property(method, fc.array(pair, { maxLength: 4 }), (verb, pairs) => {
        const about = pairs.filter((text) => /dryrun|%64/i.test(text));
        const isDryRun = about.length === 1 && about[0] === 'dryRun=All';
        expect(judge(verb, `${pod}?${pairs.join('&')}`).verdict === 'read').toBe(isDryRun);
      }),
    );
  });
});
