import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import {
  assessRepository,
  locateRepository,
  nameOf,
  openRepository,
  repositoryInput,
} from '../../github/repository.ts';
import { ask } from './ask.ts';
import { branchName, isGitName } from './branch.ts';
import { changesBetween, plural } from './changes.ts';
import { examples } from './compare.examples.ts';
import { latestRelease } from './releases.ts';

export const compare = defineOperation({
  ...readParts,
  id: 'github.compare',
  version: 1,
  summary: 'Shows the commits and files between two branches, tags or commits.',
  request: z.strictObject({
    repo: z.string().optional(),
    base: z.string().optional(),
    head: z.string().optional(),
  }),
  input: repositoryInput.extend({ base: branchName, head: branchName }),
  output: z.object({
    ahead: z.number(),
    behind: z.number(),
    commits: z.array(z.string()),
    files: z.array(z.string()),
    moreFiles: z.number(),
  }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const located = await locateRepository(request, reader, 'compare branches of');
    if (located.kind !== 'located') return located;
    const { at, github, repository } = located;
    const head = request.head?.trim() || repository.default_branch;
    // What is new since the last release, where nothing is said to compare with.
    const usual = async () => (await latestRelease(github, at))?.tag_name ?? '';
    const base =
      request.base?.trim() ||
      (head === repository.default_branch ? await usual() : repository.default_branch);
    if (base === '') return ask('Compare with which branch, tag or commit?', 'base', []);
    const wrong = [base, head].find((each) => !isGitName(each));
    if (wrong !== undefined) return { kind: 'impossible', reason: `git takes no name like "${wrong}".` };
    try {
      await changesBetween(github, at, base, head);
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== 'not-found') throw error;
      return { kind: 'impossible', reason: `${nameOf(at)} does not have both ${base} and ${head}.` };
    }
    return { kind: 'input', input: { ...at, base, head } };
  },
  assess: (input) => assessRepository(input, 'read', []),
  describe: (input) => ({
    title: `Compare ${input.base} with ${input.head} in ${nameOf(input)}`,
    byHand: `gh api repos/${nameOf(input)}/compare/${input.base}...${input.head}`,
  }),
  async execute(input, reader) {
    const { github } = await openRepository(reader, input);
    return changesBetween(github, input, input.base, input.head);
  },
  render({ ahead, behind, commits, files, moreFiles }, { base, head }) {
    if (ahead === 0) {
      const late =
        behind === 0 ? 'The two are the same.' : `${head} is ${plural(behind, 'commit')} behind ${base}.`;
      return { kind: 'text', text: late };
    }
    const more = moreFiles > 0 ? [`… and ${plural(moreFiles, 'file')} more`] : [];
    const note = `${head} is ${plural(ahead, 'commit')} ahead of ${base}, ${behind} behind.`;
    return { kind: 'lines', lines: [...commits, '', ...files, ...more], note };
  },
});
