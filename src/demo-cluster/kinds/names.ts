import { randomBytes } from 'node:crypto';
import type { Cause } from '../failure.ts';
import { invalidValue } from './validate.ts';

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
  "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** The letters Kubernetes appends to generated names. */
export function randomSuffix(length = 5): string {
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
}

/** A number written in the letters of generated names. */
export function safeText(value: number): string {
  return [...String(value)].map((digit) => letters[digit.charCodeAt(0) % letters.length]).join('');
}

export function validateName(name: string, asLabel: boolean): Cause[] {
  const limit = asLabel ? 63 : 253;
  if (name.length > limit)
    return [invalidValue('metadata.name', name, `must be no more than ${limit} characters`)];
  if ((asLabel ? label : subdomain).test(name)) return [];
  return [invalidValue('metadata.name', name, asLabel ? labelRule : subdomainRule)];
}

export function validateLabels(labels: Record<string, string> | undefined): Cause[] {
  const causes: Cause[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!labelKey.test(key))
      causes.push(invalidValue('metadata.labels', key, 'name part must be a qualified name'));
    if (value.length > 63) {
      causes.push(invalidValue('metadata.labels', value, 'must be no more than 63 characters'));
    } else if (!labelValue.test(value)) {
      const why =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'";
      causes.push(invalidValue('metadata.labels', value, why));
    }
  }
  return causes;
}
