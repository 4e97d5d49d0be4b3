import type { Tool } from '../../domain/operation.ts';
import { install } from './install.ts';
import { rollback } from './rollback.ts';
import { uninstall } from './uninstall.ts';
import { upgrade } from './upgrade.ts';

/** Charts and what was installed from them. */
export const helm: Tool = {
  name: 'helm',
  summary: 'Installs charts of configured folders, and looks after their releases.',
  operations: [install, upgrade, rollback, uninstall],
};
