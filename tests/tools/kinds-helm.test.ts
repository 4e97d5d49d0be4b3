import { describe, expect, test } from 'vitest';
import { uninstall } from '../../src/tools/helm/uninstall.ts';
import { forbidden, helmTable } from './kinds/helm.ts';
import { runTable } from './kinds/suite.ts';
import { arrive, under } from './kinds/trials.ts';
import { missingHelm } from './support/helm-bed.ts';

const missing = missingHelm();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-helm.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('helm', () => runTable(helmTable));

test.skipIf(missing !== undefined)(
  'an uninstall in part that helm cannot record is not taken for one that did nothing',
  async () => {
    const world = await helmTable.open();
    try {
      const arrived = await arrive(world.bed, uninstall, { release: 'shop', environment: 'staging' });
      const refused = ({ method, path }: { method: string; path: string }) =>
        method === 'PUT' || (method === 'DELETE' && path.includes('/services/')) ? forbidden : undefined;
      const { fault } = await under(world.bed, refused, uninstall, 'execute', arrived);
      expect(fault).toMatchObject({
        code: 'unhealthy',
        message: expect.stringContaining('are gone all the same'),
      });
      expect(await world.bed.call(uninstall, 'landed', arrived)).toBe('unclear');
    } finally {
      await world.close();
    }
  },
);
