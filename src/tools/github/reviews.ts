import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { assessRepository, nameOf } from '../../github/repository.ts';
import { locatePull, openPull, pullInput, wordsOf } from './pull.ts';
import { readinessOf } from './readiness.ts';
import { examples } from './reviews.examples.ts';

export const reviews = defineOperation({
  ...readParts,
  id: 'github.reviews',
  version: 1,
  summary: 'Says what stands between a pull request and its merge: reviews, checks, conflicts.',
  request: z.strictObject({ repo: z.string().optional(), number: z.number().optional() }),
  input: pullInput,
  output: z.object({
    state: z.string(),
    title: z.string(),
    approvals: z.array(z.string()),
    checks: z.record(z.string(), z.string()),
    blockers: z.array(z.string()),
    warnings: z.array(z.string()),
    url: z.string(),
  }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const located = await locatePull(request, reader, 'see the reviews of', false);
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => assessRepository(input, 'read', []),
  describe: (input) => ({
    title: `Show reviews and checks of ${wordsOf(input)}`,
    byHand: `gh pr view ${input.number} -R ${nameOf(input)} --json reviews,statusCheckRollup`,
  }),
  async execute(input, reader) {
    const { github, pull } = await openPull(reader, input);
    const { title, html_url: url } = pull;
    const state = pull.merged_at === null ? pull.state : 'merged';
    return { state, title, url, ...(await readinessOf(github, input, pull)) };
  },
  render({ state, title, approvals, checks, blockers, warnings, url }, input) {
    const open = state === 'open';
    const verdict =
      blockers.length === 0 ? 'It can be merged.' : `It can't be merged: ${blockers.join('; ')}.`;
    const lines = [
      `#${input.number} ${title}: ${state}`,
      ...(open ? [verdict] : []),
      `approved by: ${approvals.join(', ') || 'nobody'}`,
      ...Object.entries(checks).map(([name, outcome]) => `check ${name}: ${outcome}`),
      ...(open ? warnings.map((warning) => `⚠ ${warning}`) : []),
      url,
    ];
    return { kind: 'lines', lines };
  },
});
