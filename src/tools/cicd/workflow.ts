import { nearNames } from '../../domain/near-names.ts';
import type { QuestionOption } from '../../domain/operation.ts';
import { type Octokit, said } from '../../github/client.ts';
import { nameOf, placeOf, type RepositoryInput, type Unlocated } from '../../github/repository.ts';

export type Workflow = { id: number; name: string; path: string; state: string };

export async function workflowsOf(github: Octokit, input: RepositoryInput): Promise<Workflow[]> {
  const asked = { ...placeOf(input), per_page: 100 };
  const { workflows } = await said(github.actions.listRepoWorkflows(asked), `workflows of ${nameOf(input)}`);
  return workflows;
}

/** The one workflow that a word means: its file, its name or its number; the only one where none is named. */
export function chooseWorkflow(
  workflows: readonly Workflow[],
  word: string | undefined,
  where: string,
): { kind: 'workflow'; workflow: Workflow } | Unlocated {
  if (workflows.length === 0) return { kind: 'impossible', reason: `${where} has no workflows.` };
  const wanted = word?.trim().toLowerCase() ?? '';
  if (wanted === '') {
    const [only, ...others] = workflows;
    if (only !== undefined && others.length === 0) return { kind: 'workflow', workflow: only };
    return ask('Which workflow?', workflows);
  }
  const exact = workflows.filter((each) => namesOf(each).includes(wanted));
  const [only, ...others] = exact;
  if (only !== undefined && others.length === 0) return { kind: 'workflow', workflow: only };
  if (only !== undefined) return ask(`Several workflows are called ${word}. Which one?`, exact);
  const near = nearNames(wanted, workflows.flatMap(namesOf));
  const close = workflows.filter((each) => namesOf(each).some((name) => near.includes(name)));
  const text = `${where} has no workflow ${word}. Which one do you mean?`;
  return ask(text, close.length > 0 ? close : workflows);
}

export function fileOf({ path }: Pick<Workflow, 'path'>): string {
  return path.split('/').at(-1) ?? path;
}

function namesOf(workflow: Workflow): string[] {
  const file = fileOf(workflow).toLowerCase();
  return [file, file.replace(/\.ya?ml$/, ''), workflow.name.toLowerCase(), String(workflow.id)];
}

function ask(text: string, workflows: readonly Workflow[]): Unlocated {
  const options = workflows.slice(0, 10).map((each): QuestionOption => {
    return { label: `${each.name} (${fileOf(each)})`, patch: { workflow: fileOf(each) } };
  });
  return { kind: 'question', question: { text, field: 'workflow', options } };
}
