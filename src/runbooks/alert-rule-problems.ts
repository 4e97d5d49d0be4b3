import { type AlertRule, labelsIn } from '../domain/alert-rule.ts';
import { holesIn } from '../domain/fill-template.ts';
import type { AnyOperation } from '../domain/operation.ts';
import type { Runbook } from '../domain/runbook.ts';

/**
 * What is wrong with rules about alerts: runbooks and parameters that are not there, and labels that would choose what
 * leaves for another place or what is run as code.
 */
export function alertRuleProblems(
  rules: readonly AlertRule[],
  runbooks: readonly Runbook[],
  catalogue: readonly AnyOperation[],
): string[] {
  return rules.flatMap((rule, index) => {
    if (rule.act === 'investigate') return [];
    const runbook = runbooks.find(({ name }) => name === rule.runbook);
    const say = (problem: string) => `alerts.rules[${index}]: ${problem}`;
    if (!runbook) return [say(`there is no runbook "${rule.runbook}"`)];
    return parameterProblems(rule.parameters, runbook, catalogue).map(say);
  });
}

function parameterProblems(
  given: (AlertRule & { act: 'runbook' })['parameters'],
  { name, parameters, steps }: Runbook,
  catalogue: readonly AnyOperation[],
): string[] {
  const known = parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(given).filter((parameter) => !known.includes(parameter));
  const missing = parameters.filter(
    (parameter) =>
      !parameter.optional && parameter.default === undefined && given[parameter.name] === undefined,
  );
  const fromLabels = Object.keys(given).filter((parameter) => labelsIn(given[parameter] ?? null).length > 0);
  const risky = steps.flatMap(({ operation: id, request, forEachOf }) => {
    const operation = catalogue.find((each) => each.id === id);
    const fields = operation?.effect === 'run-code' ? Object.keys(request) : (operation?.outbound ?? []);
    const holes = fields.flatMap((field) => holesIn(request[field] ?? null));
    // `{{item}}` of a loop over a parameter is the parameter.
    const used = holes.flatMap((hole) => (hole === 'item' ? (forEachOf ?? []) : hole));
    return fromLabels.filter((parameter) => used.includes(parameter)).map((parameter) => ({ parameter, id }));
  });
  return [
    ...unknown.map((parameter) => `the runbook ${name} has no parameter "${parameter}"`),
    ...missing.map((parameter) => `the runbook ${name} needs the parameter "${parameter.name}"`),
    ...risky.map(
      ({ parameter, id }) =>
        `"${parameter}" goes into ${id} as code or as an address: it cannot come from a label`,
    ),
  ];
}
