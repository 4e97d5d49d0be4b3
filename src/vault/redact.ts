import type { Json } from '../domain/json.ts';
import { fillStrings, listStrings } from './json-strings.ts';
import { type Matcher, matchKnownValues } from './known-values.ts';
import { findSecrets } from './lint.ts';
import { findPatterns } from './secret-patterns.ts';
import { type Found, mask, rename } from './spans.ts';

export type Redactor = {
  /** Masks known values and everything that looks like a secret. Throws when the check cannot run: say nothing then. */
  redact(text: string): Promise<string>;
  /** The same for many texts at once: one check, about as dear as for one text. */
  redactAll(texts: readonly string[]): Promise<string[]>;
  /** The same for every string of a value, keys included. The form of the value stays. */
  redactJson<Value extends Json>(value: Value): Promise<Value>;
  /**
   * Known values are masked; whatever else looks like a secret is replaced by what `name` calls it, so that it can be
   * found again.
   */
  concealJson<Value extends Json>(value: Value, name: (secret: string) => Promise<string>): Promise<Value>;
  /** Masks known values and what a few patterns find, at once. For log lines and progress. */
  redactNow(text: string): string;
};

/**
 * Masks secrets as `[redacted:<rule>]`. `values` gives the broker's own secrets, asked anew each time; they are found
 * in plain, in base64, in URL encoding and with JSON's escapes, from six characters on.
 */
export function createRedactor(options: { values: () => readonly string[] }): Redactor {
  let values: readonly string[] = [];
  let match: Matcher = () => [];
  const known = (text: string): Found[] => {
    const now = options.values();
    if (now.length !== values.length || now.some((value, at) => value !== values[at])) {
      values = [...now];
      match = matchKnownValues(values);
    }
    return match(text);
  };
  const redactNow = (text: string): string => mask(text, [...known(text), ...findPatterns(text)]);
  const redactAll = async (texts: readonly string[]): Promise<string[]> => {
    const plain = texts.map(redactNow);
    const found = await findSecrets(plain);
    return plain.map((text, at) => mask(text, found[at] ?? []));
  };
  const conceal = async (texts: readonly string[], name: (secret: string) => Promise<string>) => {
    const own = texts.map((text) => mask(text, known(text)));
    const some = await Promise.all(own.map((text) => rename(text, findPatterns(text), name)));
    const rest = await findSecrets(some);
    return Promise.all(some.map((text, at) => rename(text, rest[at] ?? [], name)));
  };
  return {
    async concealJson<Value extends Json>(value: Value, name: (secret: string) => Promise<string>) {
      return fillStrings(value, await conceal(listStrings(value), name)) as Value;
    },
    redactNow,
    redactAll,
    redact: async (text) => (await redactAll([text]))[0] ?? '',
    async redactJson<Value extends Json>(value: Value) {
      const redacted = await redactAll(listStrings(value));
      return fillStrings(value, redacted) as Value;
    },
  };
}
