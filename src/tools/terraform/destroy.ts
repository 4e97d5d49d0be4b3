import type { z } from 'zod';
import { FaultError } from '../../domain/fault.ts';
import { canonicalJson } from '../../domain/json.ts';
import { defineOperation } from '../../domain/operation.ts';
import { examples } from './destroy.examples.ts';
import { locateWorkspace } from './locate.ts';
import { readState } from './look-at-state.ts';
import { type MadePlan, makePlan } from './make-plan.ts';
import { previewPlan } from './saved-plan.ts';
import { resourcesIn } from './state-resources.ts';
import { listed } from './words.ts';
import { withWorkCopy } from './work-copy.ts';
import { commandFor, targetOf, wordsOf, workspaceInput, workspaceRequest } from './workspace.ts';
import { addresses, mostNamed, previewOf, writeParts } from './write-parts.ts';

const input = workspaceInput.extend({ destroys: addresses.min(1) });
type Input = z.infer<typeof input>;

export const destroy = defineOperation({
  ...writeParts<Input>(),
  id: 'terraform.destroy',
  version: 1,
  summary: 'Destroys everything that a Terraform workspace made.',
  request: workspaceRequest,
  input,
  examples,
  async resolve(request, reader) {
    const located = locateWorkspace(request, reader, 'destroy');
    if (located.kind !== 'input') return located;
    const at = located.input;
    const destroys = destroyed(await withWorkCopy(reader, at, (copy) => makePlan(copy, at, 'destroy')));
    if (destroys.length === 0)
      return {
        kind: 'impossible',
        reason: `There is nothing to destroy: the ${wordsOf(at)} holds no resources.`,
      };
    if (destroys.length > mostNamed) {
      const reason = `This destroys ${destroys.length} resources; more than ${mostNamed} are not destroyed at once.`;
      return { kind: 'impossible', reason };
    }
    return { kind: 'input', input: { ...at, destroys } };
  },
  assess(input) {
    const { environment, destroys } = input;
    const workspace = targetOf(input);
    return {
      effect: 'delete',
      targets: [workspace, ...destroys.map((address) => `${workspace}/${address}`)],
      environment,
      objects: Math.max(1, destroys.length),
      reasons: [`destroys everything that the workspace made: ${listed(destroys)}`],
    };
  },
  describe: (input) => ({
    title: `Destroy ${wordsOf(input)}: all ${input.destroys.length} of its resources`,
    byHand: commandFor(input, 'destroy'),
  }),
  async preview(input, reader, previous) {
    if (previous !== undefined)
      throw new FaultError('unsupported', 'A workspace is destroyed in a plan of its own.');
    const { plan, fingerprint } = await previewPlan(reader, input, 'destroy');
    const now = destroyed(plan);
    if (canonicalJson(now) !== canonicalJson(input.destroys)) {
      const text = `${now.length} resources would be destroyed now, ${input.destroys.length} when this was asked for`;
      throw new FaultError('world-changed', `The plan is another one: ${text}. Ask again.`);
    }
    return previewOf(input, plan, fingerprint);
  },
  async verify(input, reader, { output }) {
    const errors = (output as { errors?: string[] } | undefined)?.errors ?? [];
    const left = resourcesIn(await readState(reader, input)).map(({ address }) => address);
    if (left.length === 0) return { state: 'healthy', evidence: 'The state holds no resources any more.' };
    const evidence = [...errors, `${left.length} are left: ${listed(left)}.`].join(' ');
    return { state: 'failed', evidence };
  },
});

function destroyed({ changes }: MadePlan): string[] {
  return changes.filter(({ action }) => action === 'destroy').map(({ address }) => address);
}
