import { expect, test } from 'vitest';
import { goodYaml, load, problemsIn } from './fixtures.ts';

test('rules about alerts and lists of commands are read; a rule names somebody who is there', () => {
  const rules = (as: string) => `
alerts:
  rules:
    - { match: { alertname: "Kube*" }, as: ${as}, investigate: true }
    - { match: { team: shop }, as: ${as}, runbook: mend, parameters: { name: "{{labels.pod}}" } }
shell: { deny: [rm, git push] }
`;
  const config = load(goodYaml + rules('alice'));
  expect(config.alerts.rules).toEqual([
    { match: { alertname: 'Kube*' }, as: 'alice', act: 'investigate' },
    {
      match: { team: 'shop' },
      as: 'alice',
      act: 'runbook',
      runbook: 'mend',
      parameters: { name: '{{labels.pod}}' },
    },
  ]);
  expect(config.environments.map(({ shell }) => shell)).toEqual(
    config.environments.map(() => [{ deny: ['rm', 'git push'] }]),
  );
  expect(problemsIn(goodYaml + rules('nobody')).join()).toContain('alerts.rules[0].as: "nobody" is nobody');
  const both = 'alerts: { rules: [{ match: { a: b }, as: alice, investigate: true, runbook: x }] }';
  expect(problemsIn(`${goodYaml}\n${both}\n`).join()).toContain('give either investigate or runbook');
});
