import type { Tool } from '../../domain/operation.ts';
import { createChart } from './create_chart.ts';
import { history } from './history.ts';
import { install } from './install.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { template } from './template.ts';
import { test } from './test.ts';
import { uninstall } from './uninstall.ts';
import { upgrade } from './upgrade.ts';
import { values } from './values.ts';

/** Charts and what was installed from them. */
export const helm: Tool = {
  name: 'helm',
  summary: 'Installs charts of configured folders, and looks after their releases.',
  operations: [
    list,
    status,
    history,
    values,
    install,
    upgrade,
    rollback,
    uninstall,
    test,
    template,
    lint,
    createChart,
  ],
};
