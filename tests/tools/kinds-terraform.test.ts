import { afterAll, describe } from 'vitest';
import { runTable } from './kinds/suite.ts';
import { closeTerraform, terraformTable } from './kinds/terraform.ts';
import { missingForTerraform } from './support/terraform-bed.ts';

const missing = missingForTerraform();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-terraform.test.ts: ${missing}.`);

afterAll(closeTerraform);
describe.skipIf(missing !== undefined)('terraform', () => runTable(terraformTable));
