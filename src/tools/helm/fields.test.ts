import { expect, test } from 'vitest';
import { compareObjects, inWords, steadyText } from './compare.ts';
import { flatten, hideSecrets } from './fields.ts';
import { type Placed, parseManifest } from './objects.ts';
import { raisesOf } from './raises.ts';

const manifest = (image: string, password: string, more = '') => `# Source: x
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web } }
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${image}
          env: [{ name: PASSWORD, value: ${password} }, { name: FROM, valueFrom: { secretKeyRef: { name: keys, key: a } } }]
          args: [--listen, ":80"]
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
data: { password: ${password} }
---
${more}`;

const placed = (text: string): Placed[] =>
  parseManifest(text).map((object) => ({
    object,
    kind: object.kind ?? '',
    title: `${object.kind} ${object.metadata?.name}`,
    path: `/${object.kind}/${object.metadata?.name}`,
    collection: `/${object.kind}`,
  }));

test('an object is paths and values; secrets and the environment are hidden, names of secrets are not', () => {
  const [deployment, secret] = parseManifest(manifest('web:1', 'hunter2'));
  const fields = Object.fromEntries([...flatten(deployment ?? {})].map(([path, { shown }]) => [path, shown]));
  expect(fields).toEqual({
    'metadata.labels.app': 'web',
    'spec.template.spec.containers[app].args[0]': '--listen',
    'spec.template.spec.containers[app].args[1]': ':80',
    'spec.template.spec.containers[app].env[FROM].valueFrom.secretKeyRef.key': 'a',
    'spec.template.spec.containers[app].env[FROM].valueFrom.secretKeyRef.name': 'keys',
    'spec.template.spec.containers[app].env[PASSWORD].value': '(hidden)',
    'spec.template.spec.containers[app].image': 'web:1',
  });
  expect(flatten(secret ?? {}).get('data.password')?.shown).toBe('(hidden)');
});

test('a comparison tells that a hidden value changed, and never which', () => {
  const comparison = compareObjects(
    placed(manifest('web:1', 'hunter2')),
    placed(manifest('web:2', 'hunter3')),
  );
  expect(inWords(comparison)).toBe('changes Deployment web, Secret keys');
  expect(comparison.after['Secret keys']).toEqual({ 'data.password': '(hidden, another value)' });
  expect(comparison.after['Deployment web']).toMatchObject({
    'spec.template.spec.containers[app].image': 'web:2',
  });
  expect(JSON.stringify(comparison)).not.toContain('hunter');
  expect(inWords(compareObjects(placed(manifest('a', 'b')), placed(manifest('a', 'b'))))).toBe(
    'changes no object',
  );
});

test('what differs between two renderings is made up, and weighs nothing in what is approved', () => {
  const [one, two] = [placed(manifest('web:1', 'dice4')), placed(manifest('web:1', 'dice6'))];
  expect(steadyText(one, two)).toBe(steadyText(two, one));
  expect(compareObjects([], one, two).after['Secret keys']).toEqual({
    'data.password': '(made anew each time)',
  });
});

test('deletions, rights and privileges weigh more', () => {
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: all }\n';
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { hostNetwork: true, containers: [{ name: a, securityContext: { privileged: true } }] }\n';
  const before = placed(manifest('a', 'b'));
  expect(raisesOf(before, before)).toEqual([]);
  const reasons = raisesOf(before, placed(`${role}---\n${pod}`)).map(({ reason }) => reason);
  expect(reasons).toEqual([
    'deletes Deployment web, Secret keys',
    'changes what may be done in the cluster: ClusterRole all',
    "Pod p runs a privileged container, Pod p shares the node's own network or processes",
  ]);
});

test('values that are called like a secret are hidden, the rest is not', () => {
  expect(hideSecrets({ db: { password: 'x', host: 'h' }, apiKey: 'k', replicas: 2, tokens: ['a'] })).toEqual({
    db: { password: '(hidden)', host: 'h' },
    apiKey: '(hidden)',
    replicas: 2,
    tokens: ['(hidden)'],
  });
});

test('what is no YAML is refused, a list is its items', () => {
  expect(() => parseManifest('a: [')).toThrow('not valid YAML');
  expect(parseManifest('kind: List\nitems: [{ kind: Pod }, { kind: Service }]')).toHaveLength(2);
});
