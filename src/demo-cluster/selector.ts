import { badRequest } from './failure.ts';
import { valueAt } from './json.ts';
import type { KubeObject, LabelSelector } from './types.ts';

export type Labels = Record<string, string>;
export type LabelTest = (labels: Labels) => boolean;

/** Reads a `labelSelector` query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function parseLabelSelector(selector: string): LabelTest {
  const tests = splitOutsideParentheses(selector).map((part) => parseRequirement(part.trim(), selector));
  return (labels) => tests.every((test) => test(labels));
}

/** The test of a selector written as an object; an empty selector matches everything, none matches nothing. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  const present = labels ?? {};
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}))
    if (present[key] !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = present[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const listed = value !== undefined && (values ?? []).includes(value);
    return operator === 'In' ? listed : !listed;
  });
}

/** The selector as the query string kubectl would send. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equalities = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${(values ?? []).join(',')})`;
  });
  return [...equalities.sort(), ...expressions].join(',');
}

/** Reads a `fieldSelector` query; only the given fields may be named. */
export function parseFieldSelector(
  selector: string,
  fields: readonly string[],
): (object: KubeObject) => boolean {
  const tests = selector
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const found = /^([^=!]+)(==|!=|=)(.*)$/.exec(part);
      if (found === null) throw badRequest(`invalid field selector: ${JSON.stringify(part)}`);
      const [, field = '', operator, wanted = ''] = found;
      if (!fields.includes(field)) throw badRequest(`field label not supported: ${field}`);
      const path = field.split('.');
      return (object: KubeObject) => (String(valueAt(object, path) ?? '') === wanted) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

function splitOutsideParentheses(selector: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of selector) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  parts.push(part);
  return parts.filter((each) => each.trim() !== '');
}

const keyPattern = '[A-Za-z0-9][-A-Za-z0-9_./]*';
const setRequirement = new RegExp(`^(${keyPattern})\\s+(in|notin)\\s+\\(([^()]*)\\)$`);
const equality = new RegExp(`^(${keyPattern})\\s*(==|!=|=)\\s*([-A-Za-z0-9_.]*)$`);
const existence = new RegExp(`^(!?)\\s*(${keyPattern})$`);

function parseRequirement(part: string, selector: string): LabelTest {
  const set = setRequirement.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\u0000') === (operator === 'in');
  }
  const pair = equality.exec(part);
  if (pair !== null) {
    const [, key = '', operator, value] = pair;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const present = existence.exec(part);
  if (present === null) throw badRequest(`unable to parse requirement: found '${part}' in '${selector}'`);
  const [, negation, key = ''] = present;
  return (labels) => (labels[key] !== undefined) === (negation === '');
}
