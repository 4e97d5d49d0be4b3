import { expect, test } from 'vitest';
import { resourcesIn } from './state-resources.ts';

test('addresses are those of terraform state list', () => {
  const state = {
    version: 4,
    resources: [
      { mode: 'data', type: 'aws_ami', name: 'a', instances: [{}] },
      {
        ...{ module: 'module.m["x"]', mode: 'managed', type: 'aws_vpc', name: 'v' },
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ index_key: 0 }, { index_key: 'b', status: 'tainted' }],
      },
      { mode: 'managed', type: 'aws_sg', name: 's', provider: '', instances: [{ deposed: 'a1' }] },
    ],
  };
  expect(resourcesIn(JSON.stringify(state)).map(({ address, tainted }) => [address, tainted])).toEqual([
    ['aws_sg.s (deposed a1)', false],
    ['module.m["x"].aws_vpc.v["b"]', true],
    ['module.m["x"].aws_vpc.v[0]', false],
  ]);
  expect(resourcesIn(undefined)).toEqual([]);
  expect(() => resourcesIn('{"version":3}')).toThrow('version 3');
});
