const passedOn = ['PATH', 'LANG', 'TZ'] as const;

/**
 * The environment of a child process: an allow-list, so that no credential in Reign's own environment
 * reaches a helper, its log or its /proc entry.
 */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  environment.PATH ??= '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  return { ...environment, ...extra };
}
