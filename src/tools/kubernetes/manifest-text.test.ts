import { describe, expect, test } from 'vitest';
import { readManifest } from './manifest-text.ts';

const map = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data:\n  A: b\n`;

const reasonOf = (text: string) => {
  const read = readManifest(text);
  return read.kind === 'problem' ? read.reason : 'none';
};

describe('a manifest', () => {
  test('holds several documents, empty ones, lists, and may stand in a fence', () => {
    const list =
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"c"}}]}';
    const read = readManifest(
      `\`\`\`yaml\n${map('a', '  namespace: shop\n')}---\n---\n# nothing\n---\n${list}\n\`\`\``,
    );
    expect(read).toMatchObject({
      kind: 'objects',
      objects: [
        { kind: { kind: 'ConfigMap' }, namespace: 'shop', name: 'a', body: { data: { A: 'b' } } },
        { kind: { kind: 'Namespace' }, name: 'c', body: {} },
      ],
    });
  });

  test('loses what the server and kubectl keep there', () => {
    const text = `apiVersion: v1
kind: Namespace
metadata:
  name: a
  uid: u
  resourceVersion: "4"
  labels: {part: x}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", reign.dev/last-apply: k, mine: y}
status: {phase: Active}`;
    expect(readManifest(text)).toMatchObject({
      objects: [{ body: { metadata: { labels: { part: 'x' }, annotations: { mine: 'y' } } } }],
    });
    expect(JSON.stringify(readManifest(text))).not.toMatch(/resourceVersion|status|last-appl/);
  });

  test.each([
    ['a: [1\nb: 2', /line 2/],
    [`${map('a')}---\nkind: ConfigMap\nkind: Secret\n`, /line 9: Map keys must be unique/],
    [`${map('a')}---\njust words`, /line 8: this is no Kubernetes object/],
    [
      map('a').replace('ConfigMap', 'Rocket'),
      /line 1: Reign does not apply the kind Rocket\. It knows: Deployment/,
    ],
    [map('a').replace('ConfigMap', 'configmap'), /does not apply the kind configmap/],
    [map('a').replace('v1', 'v9'), /writes a ConfigMap as v1, not as v9/],
    [map('Not A Name'), /no proper metadata\.name/],
    [map('a').replace('  name: a\n', '  generateName: a-\n'), /no proper metadata\.name/],
    [map('a').replace('ConfigMap', 'Secret'), /credential set NAME/],
    [`${map('a')}---\n${map('a')}`, /names the configmap a twice/],
    ['', /no object/],
    [Array.from({ length: 21 }, (_, index) => map(`a${index}`)).join('---\n'), /21 objects.*at most 20/],
    [
      'a: &a [x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]',
      /aliases/,
    ],
    ['a: .nan', /what JSON cannot/],
  ])('%#: is refused with the line and what is wrong', (text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });
});
