import { describe } from 'vitest';
import { gitopsTable } from './kinds/gitops.ts';
import { runTable } from './kinds/suite.ts';
import { missingForGithub } from './support/github-engine.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-gitops.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('gitops', () => runTable(gitopsTable));
