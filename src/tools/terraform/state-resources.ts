import { FaultError } from '../../domain/fault.ts';

type Instance = { index_key?: string | number; status?: string; deposed?: string };
type Resource = {
  module?: string;
  mode?: string;
  type?: string;
  name?: string;
  provider?: string;
  instances?: readonly Instance[];
};

export type StateResource = { address: string; type: string; provider: string; tainted: boolean };

/** The managed resources of a state as Terraform writes it (version 4), by address; none before the first apply. */
export function resourcesIn(text: string | undefined): StateResource[] {
  if (text === undefined) return [];
  const { version, resources = [] } = JSON.parse(text) as {
    version?: number;
    resources?: readonly Resource[];
  };
  if (version !== 4) throw new FaultError('unsupported', `States of version ${version} are not read.`);
  const found = resources.flatMap(({ module, mode, type = '', name = '', provider = '', instances = [] }) => {
    if (mode !== 'managed') return [];
    const lead = module === undefined ? '' : `${module}.`;
    return instances.map(
      ({ index_key: key, status, deposed }): StateResource => ({
        address: `${lead}${type}.${name}${keyOf(key)}${deposed === undefined ? '' : ` (deposed ${deposed})`}`,
        type,
        provider: /\["(.+)"\]/.exec(provider)?.[1] ?? provider,
        tainted: status === 'tainted',
      }),
    );
  });
  return found.sort((a, b) => (a.address < b.address ? -1 : 1));
}

function keyOf(key: string | number | undefined): string {
  return key === undefined ? '' : `[${JSON.stringify(key)}]`;
}
