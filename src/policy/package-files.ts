import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FaultError } from '../domain/fault.ts';

/** One file of Cedar rules. `path` is only used to say where a problem is. */
export type PolicyFile = { path: string; text: string };

/** What stands for the shipped rules in a list of paths. */
export const defaultPolicyName = 'default';

/** Reads files of rules in the order given; the word `default` stands for the shipped ones. Throws FaultError `not-found`. */
export function readPolicyFiles(paths: readonly string[]): PolicyFile[] {
  return paths.map((path) =>
    path === defaultPolicyName
      ? { path: defaultPolicyPath(), text: defaultPolicyText() }
      : { path, text: readText(path) },
  );
}

export function defaultPolicyPath(): string {
  return join(policyFolder(), 'default.cedar');
}

/** The rules that Reign ships with. */
export function defaultPolicyText(): string {
  return readText(defaultPolicyPath());
}

/** The Cedar schema that all rules are held against. */
export function policySchemaText(): string {
  return readText(join(policyFolder(), 'schema.cedarschema'));
}

/** The same folder from the sources and from a bundle in `dist/`: both lie below the package's own folder. */
function policyFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new FaultError('internal', 'The folder that Reign is installed in was not found.');
    folder = parent;
  }
  return join(folder, 'src', 'policy');
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FaultError('not-found', `The policy file ${path} cannot be read: ${why}`, { cause: error });
  }
}
