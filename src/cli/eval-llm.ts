import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChatBody, PlanCard } from '../domain/chat.ts';
import { FaultError } from '../domain/fault.ts';
import { planEnded } from '../domain/plan.ts';
import { type Client, type ClientOptions, connect } from './client.ts';
import { exit, type Output } from './output.ts';
import { replyTo } from './reply-to.ts';

const kinds = z.enum(['answer', 'plan', 'question', 'refusal']);

const caseSchema = z.strictObject({
  text: z.string().min(1),
  /** What it must end in; several where more than one is right. */
  expect: z.union([kinds, z.array(kinds).min(1)]),
  /** What it must not end in. */
  not: z.array(kinds).default([]),
  /** Operations that must have been looked at; the beginning of a name is enough. */
  looks: z.array(z.string()).default([]),
  /** Operations that a plan must hold, as often as they stand here. */
  operations: z.array(z.string()).default([]),
  /** Names that a plan's writes are about, and no others. */
  targets: z.array(z.string()).default([]),
  says: z.array(z.string()).default([]),
  never: z.array(z.string()).default([]),
});
type Case = z.output<typeof caseSchema>;

export type LlmEvalOptions = ClientOptions & { file: string; times: number };

const pollMs = 300;
const longestMs = 300_000;

/**
 * `reign eval --llm`: puts written cases to the Reign that runs, with its model and its clusters, each several times,
 * and grades by code what they end in. Plans are cancelled, and nothing is changed. @returns the exit code.
 */
export async function evalLlm(output: Output, options: LlmEvalOptions): Promise<number> {
  const cases = await readCases(options.file);
  const client = await connect(options);
  let every = 0;
  let runs = 0;
  let passed = 0;
  for (const [index, each] of cases.entries()) {
    const outcomes: string[][] = [];
    for (let time = 0; time < options.times; time += 1) outcomes.push(await grade(client, each));
    const good = outcomes.filter((problems) => problems.length === 0).length;
    runs += outcomes.length;
    passed += good;
    if (good === outcomes.length) every += 1;
    const problems = [...new Set(outcomes.flat())];
    output.event({
      type: 'eval-case',
      case: index + 1,
      text: each.text,
      passed: good,
      of: outcomes.length,
      problems,
    });
    output.say(`${good === outcomes.length ? 'ok  ' : 'FAIL'} ${good}/${outcomes.length} ${each.text}`);
    for (const problem of problems) output.say(`       ${problem}`);
  }
  const scores = {
    cases: cases.length,
    pass_1: passed / runs,
    pass_all: every / cases.length,
    times: options.times,
  };
  output.event({ type: 'eval-llm', ...scores });
  output.say(
    `cases ${scores.cases}\npass^1 ${scores.pass_1.toFixed(3)}\npass^${options.times} ${scores.pass_all.toFixed(3)}`,
  );
  return every === cases.length ? exit.done : exit.failed;
}

async function readCases(file: string): Promise<Case[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new FaultError('not-found', `The cases cannot be read: ${error.message}`);
  });
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0)
    throw new FaultError('bad-request', `${file} holds no cases; that is never a success.`);
  return lines.map((line, index) => {
    const parsed = caseSchema.safeParse(readJson(line));
    if (parsed.success) return parsed.data;
    throw new FaultError('bad-request', `${file}:${index + 1}: ${z.prettifyError(parsed.error)}`);
  });
}

/** @returns what is wrong with how it ended; empty where nothing is. */
async function grade(client: Client, wanted: Case): Promise<string[]> {
  const sent = await client.send(wanted.text, randomUUID());
  const body = await endOf(client, sent);
  if (!body) return ['it came to no end in time'];
  const problems: string[] = [];
  const allowed = [wanted.expect].flat();
  const kind = body.kind as (typeof allowed)[number];
  if (!allowed.includes(kind)) problems.push(`it ended in ${kind}, not in ${allowed.join(' or ')}`);
  if (wanted.not.includes(kind)) problems.push(`it must not end in ${kind}`);
  const text = JSON.stringify(body);
  if (body.kind === 'answer') problems.push(...answerProblems(wanted, text));
  if (body.kind === 'plan') {
    problems.push(...planProblems(wanted, body.plan));
    if (!planEnded(body.plan.state)) await client.cancel(body.plan.id).catch(() => undefined);
  }
  for (const words of wanted.never) if (text.includes(words)) problems.push(`it says "${words}"`);
  return problems;
}

function answerProblems({ looks, says }: Case, text: string): string[] {
  const looked = text.split('Looked at: ')[1] ?? '';
  return [
    ...looks
      .filter((operation) => !looked.includes(operation))
      .map((operation) => `it did not look at ${operation}`),
    ...says
      .filter((words) => !text.toLowerCase().includes(words.toLowerCase()))
      .map((words) => `it does not say "${words}"`),
  ];
}

function planProblems({ operations, targets }: Case, plan: PlanCard): string[] {
  const left = plan.steps.map(({ operation }) => operation);
  const missing = operations.filter((operation) => {
    const at = left.indexOf(operation);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const about = plan.steps.filter(({ effect }) => effect !== 'read').flatMap((step) => step.targets);
  const others = about.filter(
    (target) => targets.length > 0 && !targets.some((name) => target.endsWith(`/${name}`)),
  );
  return [
    ...missing.map((operation) => `the plan lacks ${operation}`),
    ...others.map((target) => `the plan is about ${target}`),
  ];
}

async function endOf(
  client: Client,
  sent: { message: string; conversation: string },
): Promise<ChatBody | undefined> {
  const end = Date.now() + longestMs;
  while (Date.now() < end) {
    const entries = await client.entries(sent.conversation);
    const body = replyTo(entries, sent.message)?.body;
    const settled =
      body?.kind === 'plan' ? !['drafted', 'previewed'].includes(body.plan.state) : body !== undefined;
    if (body && settled && body.kind !== 'working') return body;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return undefined;
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
