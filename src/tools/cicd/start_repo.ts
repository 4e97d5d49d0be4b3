import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { defineOperation, type ExecuteContext } from '../../domain/operation.ts';
import type { Reader } from '../../domain/ports/reader.ts';
import { type Octokit, openGithub, said } from '../../github/client.ts';
import { commitEgress, commitFiles, isCommitOf } from '../../github/commit-files.ts';
import { blobOf, entriesAt } from '../../github/files.ts';
import { approvedOf, refuseChanged, writeParts } from '../../github/guarded-write.ts';
import {
  type Existing,
  findRepository,
  locateNewRepository,
  type MadeSince,
  makeRepository,
  newRepositoryEgress,
  newRepositoryInput,
  newRepositoryRequest,
  previewNew,
  undoNew,
  unusedSince,
  visibilityOf,
} from '../../github/new-repository.ts';
import { headOf, nameOf, pathOf, type RepositoryInput, targetOf } from '../../github/repository.ts';
import { chooseRecipe } from './choose-recipe.ts';
import { checkedWorkflow } from './generate.ts';
import { pathOfRecipe, recipe } from './recipe.ts';
import { examples } from './start_repo.examples.ts';

const startInput = newRepositoryInput.extend({ recipe });
type StartInput = z.infer<typeof startInput>;

export const startRepo = defineOperation({
  ...writeParts,
  id: 'cicd.start_repo',
  version: 1,
  summary: 'Makes a repository that begins with a README and a GitHub Actions workflow.',
  effect: 'create',
  request: newRepositoryRequest.extend({ language: z.string().optional() }),
  input: startInput,
  output: z.object({ repo: z.string(), url: z.string() }),
  examples,
  undo: undoNew(asMade, { viewOf, remains: 'holds only its first commits' }),
  async resolve({ language, ...request }, reader) {
    const located = await locateNewRepository(request, reader);
    if (located.kind !== 'new') return located;
    const chosen = await chooseRecipe(language, undefined);
    if (chosen.kind !== 'recipe') return chosen;
    return { kind: 'input', input: { ...located.input, recipe: chosen.recipe } };
  },
  assess: (input) => ({
    effect: 'create',
    targets: [targetOf(input)],
    environment: input.environment,
    place: input.environment,
    objects: 1,
    reasons: ['its workflow runs code', ...(input.private ? [] : ['everybody can read it'])],
  }),
  describe: (input) => ({
    title: `Start the ${visibilityOf(input)} repository ${nameOf(input)} (${input.environment}) with a workflow for ${input.recipe.kind}`,
    byHand: `gh repo create ${nameOf(input)} --${visibilityOf(input)} --add-readme && git add ${pathOfRecipe(input.recipe)} && git commit && git push`,
  }),
  preview: (input, reader) =>
    previewNew(input, reader, { view: viewOf(input), contents: ` with ${pathOfRecipe(input.recipe)}` }),
  egress: (input) => [
    ...newRepositoryEgress(input),
    ...commitEgress(input),
    { connection: input.connection, method: 'PATCH', path: `${pathOf(input)}/git/refs/heads/main` },
  ],
  async execute(input, writer, context) {
    const approved = approvedOf(context);
    const github = await openGithub(writer, input.connection);
    const existing = await findRepository(github, input);
    refuseChanged(nameOf(input), approved.fingerprint, { id: existing?.id ?? null });
    const made = await makeRepository(github, input, true);
    if (made.default_branch !== branch) throw otherBranch(input, made.default_branch);
    await commitWorkflow(github, { ...input, repositoryId: made.id }, context);
    return { repo: made.full_name, url: made.html_url };
  },
  async landed(input, reader, { idempotencyKey }) {
    const { github, at } = await look(input, reader);
    if (at === undefined) return 'no';
    const head = await headOf(github, at, branch);
    // Made, but not filled: by a step that was lost in between, or by somebody else.
    if (head === undefined || !(await isCommitOf(github, at, head, idempotencyKey))) return 'unclear';
    return 'yes';
  },
  async verify(input, reader, { idempotencyKey }) {
    const { github, at } = await look(input, reader);
    if (at === undefined) return { state: 'failed', evidence: `${nameOf(input)} is not there.` };
    const head = await headOf(github, at, branch);
    const ours = head !== undefined && (await isCommitOf(github, at, head, idempotencyKey));
    if (!ours) return { state: 'failed', evidence: `${nameOf(input)} does not end with our commit.` };
    return { state: 'healthy', evidence: `${nameOf(input)} is there, with its workflow.` };
  },
  render: ({ repo, url }) => ({ kind: 'text', text: `Made ${repo}: ${url}` }),
});

/** What GitHub calls the first branch, unless an organisation has set another name: then nothing is committed. */
const branch = 'main';

function otherBranch(input: StartInput, name: string): FaultError {
  return new FaultError(
    'conflict',
    `${nameOf(input)} was made, but ${input.owner} calls a first branch ${name}, and the workflow is for ${branch}. Nothing was committed to it.`,
  );
}

async function commitWorkflow(
  github: Octokit,
  input: StartInput & RepositoryInput,
  { idempotencyKey }: ExecuteContext,
): Promise<void> {
  const { sha: parent } = await said(
    github.repos.getCommit({ owner: input.owner, repo: input.repo, ref: branch }),
    `The first commit of ${nameOf(input)}`,
  );
  const files = [{ path: pathOfRecipe(input.recipe), content: checkedWorkflow(input.recipe) }];
  const message = `Add a workflow for ${input.recipe.kind}`;
  const sha = await commitFiles(github, input, { parent, files, message, idempotencyKey });
  const place = { owner: input.owner, repo: input.repo };
  await said(github.git.updateRef({ ...place, ref: `heads/${branch}`, sha }), `${nameOf(input)} ${branch}`);
}

function viewOf(input: StartInput) {
  return {
    name: nameOf(input),
    visibility: visibilityOf(input),
    'README.md': `# ${input.repo}`,
    [pathOfRecipe(input.recipe)]: checkedWorkflow(input.recipe),
  };
}

async function look(input: StartInput, reader: Reader) {
  const github = await openGithub(reader, input.connection);
  const existing = await findRepository(github, input);
  return { github, at: existing && repositoryOf(input, existing) };
}

function repositoryOf(
  { environment, connection, owner, repo }: StartInput,
  { id }: Existing,
): RepositoryInput {
  return { environment, connection, owner, repo, repositoryId: id };
}

/** @throws FaultError `world-changed` when it is an older one, or somebody has put something into it. */
async function asMade(input: StartInput, captured: MadeSince, reader: Reader): Promise<Existing | undefined> {
  const { github, at } = await look(input, reader);
  return unusedSince(github, input, captured, async ([only, ...others]) => {
    if (at === undefined || only === undefined) return true;
    return others.length === 0 && holdsOnlyOurs(github, at, input, only);
  });
}

/** Whether nobody's work is in a branch: it holds the first commit's README and, unless a step was lost before it, our workflow. */
async function holdsOnlyOurs(
  github: Octokit,
  at: RepositoryInput,
  { recipe }: StartInput,
  name: string,
): Promise<boolean> {
  const asked = { owner: at.owner, repo: at.repo, sha: name, per_page: 100 };
  const commits = await said(github.repos.listCommits(asked), `The commits of ${nameOf(at)}`);
  const [head, root] = [commits[0], commits.at(-1)];
  if (head === undefined || root === undefined || root.parents.length > 0) return false;
  const [now, first] = await Promise.all([head, root].map(({ sha }) => entriesAt(github, at, sha)));
  const ours = blobOf(checkedWorkflow(recipe));
  return [...(now ?? [])].every(([path, { sha }]) =>
    path === pathOfRecipe(recipe) ? sha === ours : path === 'README.md' && first?.get(path)?.sha === sha,
  );
}
