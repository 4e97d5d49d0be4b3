import { expect, test } from 'vitest';
import { listed, targetOf } from './hosts.ts';

test.each([
  ['s3.amazonaws.com:443', { host: 's3.amazonaws.com', port: 443 }],
  ['S3.Example.COM:8443', { host: 's3.example.com', port: 8443 }],
  ['10.0.0.1:443', { host: '10.0.0.1', port: 443 }],
  ['s3.amazonaws.com', undefined],
  ['s3.amazonaws.com.:443', undefined],
  ['a@b:443', undefined],
  ['[::1]:443', undefined],
  ['a:0', undefined],
  ['a:70000', undefined],
  ['/path', undefined],
])('%s is the target %j', (text, target) => expect(targetOf(text)).toEqual(target));

const hosts = ['registry.example.com', 'state.corp:8443', '*.amazonaws.com', '*.corp:8443'];

test.each([
  ['registry.example.com', 443, { named: true }],
  ['registry.example.com', 8443, undefined],
  ['state.corp', 8443, { named: true }],
  ['state.corp', 443, undefined],
  ['sts.eu-central-1.amazonaws.com', 443, { named: false }],
  ['amazonaws.com', 443, undefined],
  ['evilamazonaws.com', 443, undefined],
  ['s3.amazonaws.com.evil.example', 443, undefined],
  ['other.corp', 8443, { named: false }],
])('%s:%d is %j in the list', (host, port, answer) => expect(listed(hosts, { host, port })).toEqual(answer));
