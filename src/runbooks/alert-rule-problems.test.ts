import { expect, test } from 'vitest';
import type { AlertRule } from '../domain/alert-rule.ts';
import { createCatalogue, tools } from '../tools/registry.ts';
import { alertRuleProblems } from './alert-rule-problems.ts';
import { loadRunbooks } from './index.ts';

const catalogue = createCatalogue(tools).all;
const runbooks = loadRunbooks([], catalogue);
const problems = (runbook: string, parameters: (AlertRule & { act: 'runbook' })['parameters']) =>
  alertRuleProblems([{ match: {}, as: 'alice', act: 'runbook', runbook, parameters }], runbooks, catalogue);

test('a rule names a runbook that is there, with its parameters', () => {
  expect(
    problems('emergency-rollback', { name: '{{labels.deployment}}', environment: 'production' }),
  ).toEqual([]);
  expect(problems('none', {})).toEqual(['alerts.rules[0]: there is no runbook "none"']);
  expect(problems('emergency-rollback', { name: 'web', odd: 1 })).toEqual([
    'alerts.rules[0]: the runbook emergency-rollback has no parameter "odd"',
    'alerts.rules[0]: the runbook emergency-rollback needs the parameter "environment"',
  ]);
});

test('a label chooses no address', () => {
  const given = { name: 'web', environment: 'staging' };
  expect(problems('emergency-rollback', { ...given, url: 'https://shop.example/health' })).toEqual([]);
  expect(problems('emergency-rollback', { ...given, url: 'https://{{labels.host}}/' })).toEqual([
    'alerts.rules[0]: "url" goes into monitoring.check as code or as an address: it cannot come from a label',
  ]);
});
