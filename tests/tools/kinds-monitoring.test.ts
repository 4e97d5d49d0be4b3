import { afterAll, describe } from 'vitest';
import { closeMonitoring, monitoringTable } from './kinds/monitoring.ts';
import { runTable } from './kinds/suite.ts';
import { missingForMonitoring } from './support/monitoring-servers.ts';

const missing = missingForMonitoring();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-monitoring.test.ts: ${missing}.`);

afterAll(closeMonitoring);
describe.skipIf(missing !== undefined)('monitoring', () => runTable(monitoringTable));
