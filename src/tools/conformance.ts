import type { AnyOperation, Tool } from '../domain/operation.ts';
import { gradeRisk } from '../domain/risk.ts';
import { sampleInputs } from './sample-inputs.ts';

/** What the checks say of one operation; `tried` is the number of inputs that were made up for it. */
export type Checked = { id: string; problems: string[]; tried: number };

const samples = 60;

/** The checks that every operation passes, shipped or added: what its examples, its ids and its risk must hold. */
export function checkTool(tool: Tool, leastExamples = 1): Checked[] {
  return tool.operations.map((operation) => {
    const inputs = sampleInputs(operation.input, samples);
    const problems = [
      ...(operation.id.startsWith(`${tool.name}.`) ? [] : [`its id does not begin with "${tool.name}."`]),
      ...declarationProblems(operation, leastExamples),
      ...inputs.flatMap((input) => inputProblems(operation, input)),
    ];
    return { id: operation.id, problems: [...new Set(problems)], tried: inputs.length };
  });
}

/** What is wrong with what an operation says of itself. */
export function declarationProblems(operation: AnyOperation, leastExamples: number): string[] {
  const { examples, effect, previews, request, input } = operation;
  const problems: string[] = [];
  for (const { request: text, params } of examples) {
    const parsed = request.safeParse(params);
    if (!parsed.success) problems.push(`the params of the example "${text}" do not fit its request`);
  }
  const texts = examples.map(({ request }) => request.toLowerCase());
  if (new Set(texts).size !== texts.length) problems.push('an example is listed twice');
  if (texts.length < leastExamples)
    problems.push(`it has ${texts.length} examples of how people ask; ${leastExamples} are needed`);
  if ((effect === 'read') !== (previews === 'none'))
    problems.push('a read has the previews "none", and a write another kind');
  if (request.safeParse({ surprise: 1 }).success)
    problems.push('its request takes fields that it does not name');
  for (const wrong of [undefined, null, [], 'x', { surprise: true }])
    if (input.safeParse(wrong).success)
      problems.push(`its input takes ${JSON.stringify(wrong)}, which is not complete`);
  return problems;
}

/** What is wrong with how an operation answers for one valid input. No write may be graded like a read. */
export function inputProblems(operation: AnyOperation, input: unknown): string[] {
  try {
    const assessment = operation.assess(input);
    const reads = operation.effect === 'read';
    const problems: string[] = [];
    const say = (holds: boolean, problem: string) => {
      if (!holds) problems.push(problem);
    };
    say(
      (assessment.effect === 'read') === reads,
      `it is ${operation.effect} and is assessed as ${assessment.effect}`,
    );
    const { level } = gradeRisk(assessment, 'nonproduction');
    say((level === 'none') === reads, `it is ${operation.effect} and its risk is ${level}`);
    say(
      JSON.stringify(operation.assess(input)) === JSON.stringify(assessment),
      'it assesses one input in two ways',
    );
    say(operation.describe(input).title.trim() !== '', 'it has no title');
    if (reads) {
      say(operation.egress(input).length === 0, 'it reads, and lets requests out that write');
      return problems;
    }
    say(assessment.objects >= 1, 'it writes to no object');
    say(assessment.targets.length >= 1, 'it writes to no target');
    for (const target of assessment.targets) say(/^[a-z0-9]+:/.test(target), `${target} is no target`);
    return problems;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
