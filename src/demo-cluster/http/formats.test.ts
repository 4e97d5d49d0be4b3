import { describe, expect, test } from 'vitest';
import { imageBehaviour } from '../images.ts';
import { age } from '../kinds/columns.ts';
import { explainJsonError } from './go-json.ts';
import { protobufToJson } from './protobuf.ts';
import { formOf } from './table.ts';

test.each([
  ['{bad', "invalid character 'b' looking for beginning of object key string"],
  ['', 'unexpected end of JSON input'],
  ['{"a":1', 'unexpected end of JSON input'],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['nope', "invalid character 'o' in literal null (expecting 'u')"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['x', "invalid character 'x' looking for beginning of value"],
])('%s: %s', (text, message) => {
  expect(explainJsonError(text)).toBe(message);
});

test('the Accept header chooses the form; unknown formats fall back to JSON', () => {
  expect(formOf('application/json;as=Table;v=v1;g=meta.k8s.io,application/json')).toBe('table');
  expect(formOf('application/vnd.kubernetes.protobuf,application/json')).toBe('object');
  expect(formOf('application/vnd.kubernetes.protobuf;as=Table,application/json;as=Table;v=v1')).toBe('table');
  expect(formOf('application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io')).toBe('metadata');
  expect(formOf(undefined)).toBe('object');
});

test.each([
  ['registry.demo/checkout:1.4.2', 'runs'],
  ['nginx', 'runs'],
  ['docker.io/library/redis:7', 'runs'],
  ['registry.demo/checkout:bad', 'missing'],
  ['registry.demo/checkout:does-not-exist', 'missing'],
  ['nobody/knows:1', 'missing'],
  ['registry.demo/app:1-crash', 'crashes'],
  ['registry.demo:5000/checkout:1', 'missing'],
])('the image %s %s', (image, behaviour) => {
  expect(imageBehaviour(image)).toBe(behaviour);
});

test.each([
  [5, '5s'],
  [119, '119s'],
  [121, '2m1s'],
  [600, '10m'],
  [4 * 3600 + 60, '4h1m'],
  [30 * 3600, '30h'],
  [3 * 86400 + 3600, '3d1h'],
  [20 * 86400, '20d'],
])('an age of %d seconds is %s', (seconds, text) => {
  expect(age(new Date(0).toISOString(), seconds * 1000)).toBe(text);
});

describe('protobuf', () => {
  const field = (number: number, content: Buffer | string) => {
    const bytes = Buffer.from(content as string);
    return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  };
  const message = (kind: string, raw: Buffer) => {
    const type = Buffer.concat([field(1, 'v1'), field(2, kind)]);
    return Buffer.concat([Buffer.from('k8s\0', 'latin1'), field(1, type), field(2, raw)]);
  };

  test('a Secret', () => {
    const metadata = Buffer.concat([
      field(1, 'name'),
      field(11, Buffer.concat([field(1, 'k'), field(2, 'v')])),
    ]);
    const data = Buffer.concat([field(1, 'key'), field(2, Buffer.from([1, 2, 255]))]);
    const raw = Buffer.concat([field(1, metadata), field(2, data), field(3, 'Opaque')]);
    expect(protobufToJson(message('Secret', raw))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'name', labels: { k: 'v' } },
      data: { key: 'AQL/' },
      type: 'Opaque',
    });
  });

  test('other kinds and broken bodies are refused', () => {
    expect(() => protobufToJson(message('Pod', Buffer.alloc(0)))).toThrow(
      'does not support protobuf bodies of kind Pod',
    );
    expect(() => protobufToJson(Buffer.from('k8s\0\u000a\u00ff', 'latin1'))).toThrow('unexpected end');
    expect(() => protobufToJson(Buffer.from('{}'))).toThrow('not a Kubernetes protobuf message');
  });
});
