import { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import type { Assessment } from '../../domain/risk.ts';
import { examples } from './apply.examples.ts';
import { locateWorkspace } from './locate.ts';
import { type MadePlan, makePlan } from './make-plan.ts';
import type { Action } from './plan-json.ts';
import { previewPlan } from './saved-plan.ts';
import { listed, summaryOf } from './words.ts';
import { withWorkCopy } from './work-copy.ts';
import { commandFor, targetOf, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';
import { addresses, mostNamed, previewOf, verifyApplied, writeParts } from './write-parts.ts';

const input = workspaceInput.extend({
  creates: z.number().int().min(0),
  /** All that is neither made nor lost: changed, moved, imported, forgotten, and outputs. */
  updates: z.number().int().min(0),
  replaces: addresses,
  destroys: addresses,
});
type Input = z.infer<typeof input>;

export const apply = defineOperation({
  ...writeParts<Input>(),
  id: 'terraform.apply',
  version: 1,
  summary: 'Applies a Terraform workspace: exactly the plan that was approved.',
  request: workspaceRequest,
  input,
  examples,
  async resolve(request, reader) {
    const located = locateWorkspace(request, reader, 'apply');
    if (located.kind !== 'input') return located;
    const at = located.input;
    const plan = await withWorkCopy(reader, at, (copy) => makePlan(copy, at, 'apply'));
    const counts = countsOf(plan);
    if (Object.values(counts).every((count) => count === 0 || (Array.isArray(count) && count.length === 0)))
      return { kind: 'impossible', reason: `There is nothing to apply: ${wordsOf(at)} is as its files say.` };
    if (counts.destroys.length > mostNamed || counts.replaces.length > mostNamed) {
      const reason = `This destroys or replaces more than ${mostNamed} resources at once. Split it.`;
      return { kind: 'impossible', reason };
    }
    return { kind: 'input', input: { ...at, ...counts } };
  },
  assess: assessApply,
  describe: (input) => ({
    title: `Apply ${wordsOf(input)}: ${planned(input)}`,
    byHand: commandFor(input, 'apply'),
  }),
  async preview(input, reader, previous) {
    if (previous !== undefined)
      throw new FaultError(
        'unsupported',
        'A workspace is applied once in a plan: the second needs the first.',
      );
    const { plan, fingerprint } = await previewPlan(reader, input, 'apply');
    const { creates, updates, replaces, destroys } = input;
    if (canonicalJson(countsOf(plan)) !== canonicalJson({ creates, updates, replaces, destroys })) {
      const now = summaryOf(plan.changes, plan.outputs);
      const text = `The plan is another one than when this was asked for: ${planned(input)} then, ${now} now.`;
      throw new FaultError('world-changed', `${text} Ask again.`);
    }
    return previewOf(input, plan, fingerprint);
  },
  verify: (input, reader, context) => verifyApplied(input, reader, context),
});

/** Lost things weigh most; a plan that only makes some is a creation. */
function assessApply(input: Input): Assessment {
  const { creates, updates, replaces, destroys, environment } = input;
  const lost = [...destroys, ...replaces];
  const reasons: string[] = [];
  if (destroys.length > 0) reasons.push(`destroys ${listed(destroys)}`);
  if (replaces.length > 0) reasons.push(`destroys and makes anew ${listed(replaces)}`);
  if (reasons.length === 0) reasons.push(`changes infrastructure: ${planned(input)}`);
  const workspace = targetOf(input);
  return {
    effect: lost.length > 0 ? 'delete' : updates > 0 || creates === 0 ? 'update' : 'create',
    targets: [workspace, ...lost.map((address) => `${workspace}/${address}`)],
    environment,
    objects: Math.max(1, lost.length > 0 ? lost.length : creates + updates),
    reasons,
  };
}

function countsOf({
  changes,
  outputs,
}: MadePlan): Pick<Input, 'creates' | 'updates' | 'replaces' | 'destroys'> {
  const named = (action: Action) =>
    changes.filter((change) => change.action === action).map(({ address }) => address);
  const creates = named('create').length;
  const replaces = named('replace');
  const destroys = named('destroy');
  const updates = changes.length - creates - replaces.length - destroys.length + outputs.length;
  return { creates, updates, replaces, destroys };
}

function planned({ creates, updates, replaces, destroys }: Input): string {
  const parts = [
    [destroys.length, 'to destroy'],
    [replaces.length, 'to replace'],
    [updates, 'to change'],
    [creates, 'to create'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return said.length === 0 ? 'nothing' : said.join(', ');
}
