import { fillTemplate } from './fill-template.ts';
import type { Json } from './json.ts';

/** What is to be done about alerts that fit. What comes of it is done in the name of `as`, within that person's rights. */
export type AlertRule = {
  /** By label (`alertname` is one): the value, in which `*` stands for anything. */
  match: Readonly<Record<string, string>>;
  as: string;
} & (
  | { act: 'investigate' }
  /** Parameters may hold `{{labels.NAME}}`. */
  | { act: 'runbook'; runbook: string; parameters: { readonly [name: string]: Json } }
);

type Labels = Readonly<Record<string, string>>;

/** What a label may hold to get into a plan: a name, a path or a number, and nothing that a shell or an address reads. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,252}$/;

/** The first rule that an alert fits. */
export function ruleFor(rules: readonly AlertRule[], labels: Labels): AlertRule | undefined {
  return rules.find(({ match }) =>
    Object.entries(match).every(([name, pattern]) =>
      fits(Object.hasOwn(labels, name) ? labels[name] : undefined, pattern),
    ),
  );
}

/**
 * A runbook's parameters with values from an alert's labels, which come from outside: only what could be a name gets in.
 * A parameter that is one label the alert lacks is left out. @returns what is wrong with them, in words.
 */
export function parametersFor(
  template: { readonly [name: string]: Json },
  labels: Labels,
): { parameters: { [name: string]: Json }; problems: string[] } {
  const problems: string[] = [];
  const used = new Set(labelsIn(template));
  for (const name of used) {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (value !== undefined && !plainName.test(value))
      problems.push(`the label ${name} is no plain name: ${JSON.stringify(value.slice(0, 80))}`);
  }
  const { value, missing } = fillTemplate(template, { labels: { ...labels } });
  problems.push(...missing.map((path) => `the alert has no ${path.replace('labels.', 'label ')}`));
  return { parameters: value as { [name: string]: Json }, problems };
}

/** Names of the labels that a template takes values from. */
export function labelsIn(template: Json): string[] {
  const found = JSON.stringify(template).matchAll(/\{\{\s*labels\.([A-Za-z_]\w*)\s*\}\}/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

function fits(value: string | undefined, pattern: string): boolean {
  if (value === undefined) return false;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}
