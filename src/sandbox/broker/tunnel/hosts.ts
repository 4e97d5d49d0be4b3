/** Where a tunnel is to lead; host names are in small letters. */
export type Target = { host: string; port: number };

/** The target of a CONNECT; undefined for what is none. */
export function targetOf(text: string): Target | undefined {
  const [, host = '', digits = ''] =
    /^([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return host === '' || port < 1 || port > 65_535 ? undefined : { host: host.toLowerCase(), port };
}

/**
 * Whether a list names the target: as `host` (port 443), `host:port`, or either below a `*.`. What is named without a
 * star is `named`: it may also lie at a private address.
 */
export function listed(hosts: readonly string[], { host, port }: Target): { named: boolean } | undefined {
  const fits = hosts.filter((entry) => {
    const [name = '', own = '443'] = entry.toLowerCase().split(':');
    return Number(own) === port && (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name);
  });
  return fits.length === 0 ? undefined : { named: fits.some((entry) => !entry.startsWith('*')) };
}
