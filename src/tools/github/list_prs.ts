import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { clip } from '../../domain/text.ts';
import { all } from '../../github/client.ts';
import {
  assessRepository,
  locateRepository,
  nameOf,
  openRepository,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { examples } from './list_prs.examples.ts';

const row = z.object({
  number: z.number(),
  title: z.string(),
  author: z.string(),
  head: z.string(),
  base: z.string(),
  draft: z.boolean(),
  updated: z.string(),
});

export const listPrs = defineOperation({
  ...readParts,
  id: 'github.list_prs',
  version: 1,
  summary: 'Lists the open pull requests of a repository.',
  request: z.strictObject({ repo: z.string().optional() }),
  input: repositoryInput,
  output: z.object({ pulls: z.array(row) }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const located = await locateRepository(request, reader, 'see pull requests of');
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => assessRepository(input, 'read', []),
  describe: (input) => ({
    title: `List open pull requests of ${nameOf(input)}`,
    byHand: `gh pr list -R ${nameOf(input)}`,
  }),
  async execute(input, reader) {
    const { github } = await openRepository(reader, input);
    const place = { ...placeOf(input), state: 'open' as const };
    const pulls = await all((paging) => github.pulls.list({ ...place, ...paging }), nameOf(input));
    return { pulls: pulls.map(rowOf) };
  },
  render({ pulls }, input) {
    if (pulls.length === 0) return { kind: 'text', text: `${nameOf(input)} has no open pull requests.` };
    const rows = pulls.map(({ number, title, author, head, base, draft, updated }) => [
      `#${number}${draft ? ' (draft)' : ''}`,
      clip(title, 60),
      author,
      `${head} → ${base}`,
      updated.slice(0, 10),
    ]);
    return { kind: 'table', columns: ['Number', 'Title', 'Author', 'Branches', 'Updated'], rows };
  },
});

type Listed = {
  number: number;
  title: string;
  user: { login: string } | null;
  head: { ref: string };
  base: { ref: string };
  draft?: boolean | undefined;
  updated_at: string;
};

function rowOf({ number, title, user, head, base, draft, updated_at }: Listed): z.infer<typeof row> {
  const author = user?.login ?? 'ghost';
  return {
    number,
    title,
    author,
    head: head.ref,
    base: base.ref,
    draft: draft === true,
    updated: updated_at,
  };
}
