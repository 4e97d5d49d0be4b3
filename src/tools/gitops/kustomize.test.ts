import { expect, test } from 'vitest';
import { fileChanges } from './file-changes.ts';
import { findObject } from './find-object.ts';
import type { Folder } from './folder.ts';
import { kustomizationsOf, sharersOf } from './kustomize.ts';

const held = 'base/deployment.yaml';
const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 2 }\n';
const base = { [held]: deployment, 'base/kustomization.yaml': 'resources: [deployment.yaml]' };

function folderOf(texts: Record<string, string>): Folder {
  const files = Object.entries(texts).map(([path, text]) => ({ path, mode: '100644', sha: null, text }));
  return {
    path: '',
    words: 'acme/deploy (main)',
    files: new Map(files.map((each) => [each.path, each])),
    charts: [],
  };
}

const sharers = (texts: Record<string, string>) =>
  sharersOf(kustomizationsOf(folderOf({ ...base, ...texts })), held);

test.each<[string, Record<string, string>, string[]]>([
  ['no overlay', {}, []],
  ['one overlay', { 'staging/kustomization.yaml': 'namespace: shop\nresources: [../base]' }, []],
  [
    'an overlay of an overlay',
    {
      'staging/kustomization.yaml': 'resources: [../base/]',
      'clusters/one/kustomization.yml': 'resources: [../../staging]',
    },
    [],
  ],
  [
    'two overlays',
    {
      'staging/kustomization.yaml': 'resources: [../base]',
      'production/kustomization.yaml': 'bases: [./../base/]',
    },
    ['staging/kustomization.yaml', 'production/kustomization.yaml'],
  ],
  [
    'two above one',
    {
      'common/kustomization.yaml': 'components: [../base]',
      'staging/kustomization.yaml': 'resources: [../common]',
      'production/kustomization.yaml': 'resources: [../common, https://example.com/base]',
    },
    ['staging/kustomization.yaml', 'production/kustomization.yaml'],
  ],
  [
    'the file itself in another list',
    { 'production/kustomization.yaml': 'resources: [../base/deployment.yaml]' },
    ['base/kustomization.yaml', 'production/kustomization.yaml'],
  ],
  [
    'a circle',
    {
      'base/kustomization.yaml': 'resources: [deployment.yaml, ../staging]',
      'staging/kustomization.yaml': 'resources: [../base]',
    },
    [],
  ],
])('%s', (_, texts, found) => {
  expect(sharers(texts)).toEqual(found);
});

test('an object of a base that staging and production share is not changed for staging', () => {
  const overlay = (namespace: string) => `namespace: ${namespace}\nresources: [../../base]`;
  const folder = folderOf({
    ...base,
    'overlays/production/kustomization.yaml': overlay('shop'),
    'overlays/staging/kustomization.yaml': overlay('shop-staging'),
  });
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop-staging' };
  const wanted = { ...object, before: { spec: { replicas: 2 } }, after: { spec: { replicas: 3 } } };
  expect(() => findObject(folder, wanted)).toThrow(
    /shop-staging\/web is written in base\/deployment\.yaml, which several deliver \(overlays\/production.*overlays\/staging.*Change it by hand/,
  );
});

const object = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };

test.each<[string, Record<string, string>, string | undefined]>([
  [
    'a target without a name',
    {
      'live/kustomization.yaml':
        'resources: [../base]\npatches: [{ path: p.yaml, target: { kind: Deployment } }]',
    },
    'live/kustomization.yaml',
  ],
  [
    'a pattern',
    { 'live/kustomization.yaml': "resources: [../base]\npatches: [{ patch: '[]', target: { name: w.* } }]" },
    'live/kustomization.yaml',
  ],
  [
    'another kind',
    {
      'live/kustomization.yaml':
        "resources: [../base]\npatches: [{ patch: '[]', target: { kind: Service } }]",
    },
    undefined,
  ],
  [
    'a pattern that another name fits',
    { 'live/kustomization.yaml': "resources: [../base]\npatches: [{ patch: '[]', target: { name: we } }]" },
    undefined,
  ],
  [
    'a folder that does not take it',
    {
      'other/kustomization.yaml':
        "resources: [x.yaml]\npatches: [{ patch: '[]', target: { kind: Deployment } }]",
    },
    undefined,
  ],
])('a patch with %s', (_, texts, by) => {
  const wanted = { ...object, before: { spec: { replicas: 2 } }, after: { spec: { replicas: 3 } } };
  const find = () => findObject(folderOf({ ...base, ...texts }), wanted);
  if (by === undefined) expect(find()?.path).toBe(held);
  else expect(find).toThrow(`is patched by ${by}`);
});

test('a file that goes leaves the list that names it, wherever that is', () => {
  const gone = { ...object, before: { spec: { replicas: 2 } }, after: null };
  const above = {
    'apps/web.yaml': deployment,
    'kustomization.yaml': 'resources: [apps/web.yaml, apps/api.yaml]\n',
  };
  const changes = fileChanges(folderOf(above), [gone]);
  expect(changes.map(({ path, after }) => [path, after])).toEqual([
    ['apps/web.yaml', null],
    ['kustomization.yaml', 'resources:\n  - apps/api.yaml\n'],
  ]);
  const component = { 'apps/web.yaml': deployment, 'kustomization.yaml': 'components: [apps/web.yaml]\n' };
  expect(() => fileChanges(folderOf(component), [gone])).toThrow(/by another field than resources/);
  const only = { 'apps/web.yaml': deployment, 'kustomization.yaml': 'resources: [apps/web.yaml]\n' };
  expect(() => fileChanges(folderOf(only), [gone])).toThrow(/lists nothing else/);
});
