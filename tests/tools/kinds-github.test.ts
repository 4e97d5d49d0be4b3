import { describe } from 'vitest';
import { cicdTable, githubTable } from './kinds/github.ts';
import { runTable } from './kinds/suite.ts';
import { missingForGithub } from './support/github-engine.ts';

const missing = missingForGithub();
if (missing !== undefined) console.warn(`SKIPPED tests/tools/kinds-github.test.ts: ${missing}.`);

describe.skipIf(missing !== undefined)('github', () => runTable(githubTable));
describe.skipIf(missing !== undefined)('cicd', () => runTable(cicdTable));
