import { parse } from 'yaml';
import { isObject } from '../../domain/json.ts';

type Fields = { [name: string]: unknown };

/** What is wrong with a workflow, in words; empty when it keeps to what Reign promises of those it writes. */
export function problemsOf(text: string): string[] {
  let workflow: unknown;
  try {
    workflow = parse(text);
  } catch (error) {
    return [`it is no YAML: ${error instanceof Error ? error.message : String(error)}`];
  }
  if (!isObject(workflow)) return ['it is no mapping'];
  const jobs = isObject(workflow['jobs']) ? Object.entries(workflow['jobs']) : [];
  return [
    ...(workflow['on'] === undefined ? ['it says not when to run'] : []),
    ...(jobs.length === 0 ? ['it has no jobs'] : []),
    ...(readsOnly(workflow['permissions']) ? [] : ['it has more permissions than contents: read']),
    ...jobs.flatMap(([name, job]) => problemsOfJob(name, isObject(job) ? job : {})),
  ];
}

function problemsOfJob(name: string, job: Fields): string[] {
  const steps = Array.isArray(job['steps']) ? job['steps'].filter(isObject) : [];
  return [
    ...(typeof job['runs-on'] === 'string' ? [] : [`${name} says not where to run`]),
    ...(typeof job['timeout-minutes'] === 'number' ? [] : [`${name} has no limit of time`]),
    ...(steps.length === 0 ? [`${name} has no steps`] : []),
    ...steps.flatMap((step) => problemsOfStep(name, step)),
  ];
}

function problemsOfStep(name: string, { uses, run }: Fields): string[] {
  if (typeof uses === 'string')
    return /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses) ? [] : [`${name} does not pin ${uses} by commit`];
  if (typeof run !== 'string') return [`${name} has a step that does nothing`];
  // What somebody else wrote must not become part of a script.
  const risky = /\$\{\{\s*(inputs|github\.event|github\.head_ref|secrets)/.exec(run);
  return risky === null ? [] : [`${name} puts ${risky[1]} into a script`];
}

function readsOnly(permissions: unknown): boolean {
  return (
    isObject(permissions) && Object.values(permissions).every((right) => right === 'read' || right === 'none')
  );
}
