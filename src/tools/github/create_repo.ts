import { z } from 'zod';
import { defineOperation } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { openGithub } from '../../github/client.ts';
import { approvedOf, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import {
  type Existing,
  findRepository,
  locateNewRepository,
  type MadeSince,
  makeRepository,
  type NewRepository,
  newRepositoryEgress,
  newRepositoryInput,
  newRepositoryRequest,
  previewNew,
  undoNew,
  unusedSince,
  visibilityOf,
} from '../../github/new-repository.ts';
import { nameOf, targetOf } from '../../github/repository.ts';
import { examples } from './create_repo.examples.ts';

export const createRepo = defineOperation({
  ...writeParts,
  id: 'github.create_repo',
  version: 1,
  summary: 'Makes an empty repository; private unless public is asked for.',
  effect: 'create',
  request: newRepositoryRequest,
  input: newRepositoryInput,
  output: z.object({ repo: z.string(), url: z.string() }),
  examples,
  undo: undoNew(madeAndEmpty, { viewOf, remains: 'is still empty' }),
  async resolve(request, reader) {
    const located = await locateNewRepository(request, reader);
    return located.kind === 'new' ? { kind: 'input', input: located.input } : located;
  },
  assess: (input) => ({
    effect: 'create',
    targets: [targetOf(input)],
    environment: input.environment,
    place: input.environment,
    objects: 1,
    reasons: input.private ? [] : ['everybody can read it'],
  }),
  describe: (input) => ({
    title: `Make the ${visibilityOf(input)} repository ${nameOf(input)} (${input.environment})`,
    byHand: `gh repo create ${nameOf(input)} --${visibilityOf(input)}`,
  }),
  preview: (input, reader) => previewNew(input, reader, { view: viewOf(input), contents: ', empty' }),
  egress: newRepositoryEgress,
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const github = await openGithub(writer, input.connection);
    const existing = await findRepository(github, input);
    refuseChanged(nameOf(input), approved.fingerprint, { id: existing?.id ?? null });
    const made = await makeRepository(github, input, false);
    return { repo: made.full_name, url: made.html_url };
  },
  async landed(input, reader) {
    const existing = await findRepository(await openGithub(reader, input.connection), input);
    if (existing === undefined) return 'no';
    // It carries no mark: somebody else may have made one of this name in the same moment.
    return existing.private === input.private ? 'yes' : 'unclear';
  },
  async verify(input, reader) {
    const existing = await findRepository(await openGithub(reader, input.connection), input);
    if (existing === undefined) return { state: 'failed', evidence: `${nameOf(input)} is not there.` };
    const good = existing.private === input.private;
    const is = existing.private ? 'private' : 'public';
    return { state: good ? 'healthy' : 'failed', evidence: `${nameOf(input)} is there and ${is}.` };
  },
  render: ({ repo, url }) => ({ kind: 'text', text: `Made ${repo}: ${url}` }),
});

function viewOf(input: NewRepository) {
  return { name: nameOf(input), visibility: visibilityOf(input) };
}

/** @throws FaultError `world-changed` when it is an older one, or somebody has put something into it. */
async function madeAndEmpty(
  input: NewRepository,
  captured: MadeSince,
  reader: Reader,
): Promise<Existing | undefined> {
  const github = await openGithub(reader, input.connection);
  return unusedSince(github, input, captured, async (branches) => branches.length === 0);
}
