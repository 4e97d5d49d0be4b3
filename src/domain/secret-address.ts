import type { SecretAbout } from './ports/secrets.ts';

/** Where a secret lies that Reign does not keep: it is read there when it is needed, and never copied. */
export type SecretAddress =
  | { kind: 'vault'; host: string; path: string; key: string }
  | { kind: 'aws'; region: string; name: string; key?: string }
  | { kind: 'gcp'; project: string; secret: string; version: string; key?: string }
  | { kind: 'azure'; vault: string; name: string; version?: string }
  | { kind: 'file'; path: string; key?: string };

/** The forms of an address, for people. */
export const addressForms = [
  'vault://HOST/v1/secret/data/PATH#KEY',
  'aws-sm://REGION/NAME#KEY',
  'gcp-sm://projects/PROJECT/secrets/NAME/versions/latest',
  'azure-kv://VAULT/NAME',
  'file:///PATH#KEY',
] as const;

const patterns: Record<SecretAddress['kind'], RegExp> = {
  vault:
    /^vault:\/\/(?<host>[A-Za-z0-9.-]+(?::\d{1,5})?)\/v1\/(?<path>(?:[\w.-]+\/)+data(?:\/[\w.-]+)+)#(?<key>[^#\s]+)$/,
  aws: /^aws-sm:\/\/(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\/(?<name>[\w/+=.@:-]{1,512})(?:#(?<key>[^#\s]+))?$/,
  gcp: /^gcp-sm:\/\/projects\/(?<project>[\w.:-]+)\/secrets\/(?<secret>[\w-]{1,255})\/versions\/(?<version>[\w-]+)(?:#(?<key>[^#\s]+))?$/,
  azure:
    /^azure-kv:\/\/(?<vault>[A-Za-z0-9-]{3,24})\/(?<name>[A-Za-z0-9-]{1,127})(?:\/(?<version>[0-9a-f]{32}))?$/,
  file: /^file:\/\/(?<path>\/[^#\s]+)(?:#(?<key>[^#\s]+))?$/,
};

/** What an address means; undefined for a text that is none. */
export function parseSecretAddress(text: string): SecretAddress | undefined {
  if (/(^|\/)\.{1,2}(\/|#|$)/.test(text)) return undefined;
  for (const [kind, pattern] of Object.entries(patterns)) {
    const parts = pattern.exec(text)?.groups;
    if (parts === undefined) continue;
    const given = Object.entries(parts).filter(([, part]) => part !== undefined);
    return { kind, ...Object.fromEntries(given) } as SecretAddress;
  }
  return undefined;
}

/** What a sealed address belongs to: it never opens as a value, nor a value as an address. */
export function aboutAddress(about: SecretAbout): SecretAbout {
  return { ...about, name: `address of ${about.name}` };
}
