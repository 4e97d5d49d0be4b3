import { expect, test } from 'vitest';
import { type AlertRule, parametersFor, ruleFor } from './alert-rule.ts';

const rule = (match: Record<string, string>): AlertRule => ({ match, as: 'alice', act: 'investigate' });

test('the first rule whose every label fits is taken', () => {
  const rules = [rule({ alertname: 'Kube*', namespace: 'shop' }), rule({ alertname: 'Kube*' })];
  expect(ruleFor(rules, { alertname: 'KubePodCrashLooping', namespace: 'shop' })).toBe(rules[0]);
  expect(ruleFor(rules, { alertname: 'KubePodCrashLooping' })).toBe(rules[1]);
  expect(ruleFor(rules, { alertname: 'NotKube' })).toBeUndefined();
  expect(ruleFor([rule({ a: 'x.y' })], { a: 'xzy' })).toBeUndefined();
  expect(ruleFor([rule({ toString: '*' })], {})).toBeUndefined();
});

test('values come from labels, and keep their place in a text', () => {
  const template = { name: '{{labels.deployment}}', environment: 'staging', note: 'x-{{labels.zone}}' };
  expect(parametersFor(template, { deployment: 'web', zone: 'a' })).toEqual({
    parameters: { name: 'web', environment: 'staging', note: 'x-a' },
    problems: [],
  });
});

test('a label that the alert lacks leaves its parameter out; within a text it is a problem', () => {
  expect(parametersFor({ name: '{{labels.deployment}}' }, {})).toEqual({ parameters: {}, problems: [] });
  expect(parametersFor({ name: 'a-{{labels.b}}' }, {}).problems).toEqual(['the alert has no label b']);
});

test.each(['web; rm -rf /', '$(id)', 'a b', '`x`', 'http://evil', '{{labels.x}}', '', '-x', 'a\nb'])(
  'a label %j is no name, and gets into nothing',
  (deployment) => {
    expect(parametersFor({ name: '{{labels.deployment}}' }, { deployment }).problems).toHaveLength(1);
    expect(parametersFor({ name: 'web' }, { deployment }).problems).toEqual([]);
  },
);
