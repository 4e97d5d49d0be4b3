import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Rendered } from './helm.ts';

/** Where .ci/setup puts the schemas of Kubernetes and KEDA, as npm packages ship them. */
const packages = '/usr/local/lib/reign-test-schemas/node_modules';

/** Why objects cannot be held against the schemas, or undefined. */
export function missingSchemas(): string | undefined {
  if (existsSync(path.join(packages, 'kubernetes-models'))) return undefined;
  return `kubernetes-models is not in ${packages} (npm run test:setup)`;
}

/** What is wrong with an object by its kind's own schema; undefined when nothing is. */
export async function schemaProblem(object: Rendered): Promise<string | undefined> {
  const home = object.apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models';
  const file = path.join(packages, home, object.apiVersion, `${object.kind}.js`);
  const { [object.kind]: Model } = await import(/* @vite-ignore */ file);
  try {
    new Model(object).validate();
    return undefined;
  } catch (error) {
    return `${object.kind} ${object.metadata.name}: ${(error as Error).message}`;
  }
}
