import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import { readParts } from '../../domain/read-operation.ts';
import { said } from '../../github/client.ts';
import {
  assessRepository,
  locateRepository,
  nameOf,
  openRepository,
  placeOf,
  repositoryInput,
} from '../../github/repository.ts';
import { examples } from './list_releases.examples.ts';

const most = 20;

const row = z.object({
  tag: z.string(),
  name: z.string(),
  kind: z.enum(['release', 'pre-release', 'draft']),
  published: z.string(),
  author: z.string(),
  url: z.string(),
});

export const listReleases = defineOperation({
  ...readParts,
  id: 'github.list_releases',
  version: 1,
  summary: 'Lists the newest releases of a repository.',
  request: z.strictObject({ repo: z.string().optional() }),
  input: repositoryInput,
  output: z.object({ releases: z.array(row) }),
  examples,
  connections: ['github'],
  async resolve(request, reader) {
    const located = await locateRepository(request, reader, 'see releases of');
    return located.kind === 'located' ? { kind: 'input', input: located.at } : located;
  },
  assess: (input) => assessRepository(input, 'read', []),
  describe: (input) => ({
    title: `List releases of ${nameOf(input)}`,
    byHand: `gh release list -R ${nameOf(input)}`,
  }),
  async execute(input, reader) {
    const { github } = await openRepository(reader, input);
    const asked = { ...placeOf(input), per_page: most };
    const listed = await said(github.repos.listReleases(asked), `releases of ${nameOf(input)}`);
    const releases = listed.map(
      ({ tag_name: tag, name, draft, prerelease, published_at, author, html_url }) => ({
        tag,
        name: name ?? tag,
        kind: draft ? ('draft' as const) : prerelease ? ('pre-release' as const) : ('release' as const),
        published: published_at ?? '',
        author: author?.login ?? 'ghost',
        url: html_url,
      }),
    );
    return { releases };
  },
  render({ releases }, input) {
    if (releases.length === 0) return { kind: 'text', text: `${nameOf(input)} has no releases.` };
    const rows = releases.map((each) => [
      each.tag,
      each.name,
      each.kind,
      each.published.slice(0, 10),
      each.author,
    ]);
    return { kind: 'table', columns: ['Tag', 'Name', 'Kind', 'Published', 'By'], rows };
  },
});
