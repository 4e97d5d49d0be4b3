import { afterAll, describe } from 'vitest';
import { closeDocker, dockerTable } from './kinds/docker.ts';
import { runTable } from './kinds/suite.ts';
import { missingForBed } from './support/docker-bed.ts';

const missing = missingForBed();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-docker.test.ts: ${missing}.`);

afterAll(closeDocker, 60_000);
describe.skipIf(missing !== undefined)('docker', () => runTable(dockerTable));
