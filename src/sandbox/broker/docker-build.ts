import type { Check } from './docker-fields.ts';
import type { RequestPath } from './request-path.ts';

/** Whether the request is a build, whose body is a tar archive. */
export function isBuild({ path }: RequestPath): boolean {
  return /^(?:\/v1\.\d{1,3})?\/build$/.test(path);
}

/**
 * Looks at the parameters of a build. What it runs stays within the engine's own limits of a container: no network of
 * the host, no foreign address for the context, no secrets, agents or outputs of the other builder.
 */
export function filterBuild(
  path: RequestPath,
  contentType: string | undefined,
): { why: string } | Record<string, never> {
  // As a form the body would be parameters.
  if (contentType !== 'application/x-tar' && contentType !== 'application/tar')
    return { why: 'A build carries its context as a tar archive.' };
  const other = path.query.find(
    ({ key, value }) => !Object.hasOwn(parameters, key) || parameters[key]?.(value) !== true,
  );
  return other === undefined ? {} : { why: `The parameter ${other.key} of a build is not passed on so.` };
}

const isFlag: Check = (value) => /^(?:0|1|true|false)$/.test(String(value));
const isCount: Check = (value) => /^\d{1,15}$/.test(String(value));

const parameters: Readonly<Record<string, Check>> = {
  t: (value) => /^[\w][\w.:/-]*$/.test(String(value)),
  dockerfile: (value) => /^[\w.-][\w./-]*$/.test(String(value)) && !String(value).includes('..'),
  labels: () => true,
  rm: isFlag,
  forcerm: isFlag,
  pull: isFlag,
  nocache: isFlag,
  memory: isCount,
  memswap: isCount,
  cpuperiod: isCount,
  cpuquota: isCount,
  networkmode: (value) => value === 'default' || value === 'bridge' || value === 'none',
  version: (value) => value === '1',
};
