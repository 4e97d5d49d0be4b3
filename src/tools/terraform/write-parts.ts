import { z } from 'zod';
import type { EgressRule, ExecuteContext, Preview, Rendered, Verification } from '../../domain/operation.ts';
import type { Reader, Writer } from '../../domain/ports/reader.ts';
import type { RiskRaise } from '../../domain/risk.ts';
import { type MadePlan, makePlan } from './make-plan.ts';
import { applyLanded, applySaved, applySeconds, asJson, type Done, type Fingerprint } from './saved-plan.ts';
import { listed, summaryOf } from './words.ts';
import { memoryMb, withWorkCopy } from './work-copy.ts';
import { targetOf, type WorkspaceInput } from './workspace.ts';

const doneOutput = z.object({
  added: z.number(),
  changed: z.number(),
  destroyed: z.number(),
  serial: z.number().nullable(),
  errors: z.array(z.string()),
});

/** Addresses of resources that a write names one by one; a plan with more must be split. */
export const mostNamed = 500;
export const addresses = z.array(z.string().min(1)).max(mostNamed);

/** The members that applying and destroying share. */
export function writeParts<Input extends WorkspaceInput>() {
  return {
    output: doneOutput,
    effect: 'delete' as const,
    // A half-made apply is never begun again before its state has told what it did.
    repeat: 'verify-first' as const,
    previews: 'dry-run' as const,
    connections: ['terraform'] as const,
    // Terraform ends what it is at, writes the state and gives the lock back.
    stop: { signal: 'SIGINT' as const, graceSeconds: 180 },
    limits: { seconds: applySeconds, memoryMb, lookSeconds: 180 },
    undo: { kind: 'irreversible' as const, reason: irreversible },
    egress: ({ connection }: Input): readonly EgressRule[] => [
      { connection, method: 'POST', path: '/state' },
      { connection, method: 'LOCK', path: '/lock' },
      { connection, method: 'UNLOCK', path: '/lock' },
      { connection, method: 'CONNECT', path: '/outside' },
      { connection, method: 'GET', path: /\/(cloud|computeMetadata)\/.+/ },
    ],
    execute: (input: Input, writer: Writer, context: ExecuteContext) => applySaved(input, writer, context),
    landed: (input: Input, reader: Reader, context: ExecuteContext) => applyLanded(input, reader, context),
    render: renderDone,
  };
}

const irreversible =
  'Terraform does not put back what was: a resource that is made anew is another one, and data is lost. The state before is kept, and the plan shows what was changed.';

/** Changes that a preview holds one by one; the fingerprint is of all. */
const mostShown = 300;

/** The preview of a plan, from what Terraform says of it. */
export function previewOf(input: WorkspaceInput, plan: MadePlan, fingerprint: Fingerprint): Preview {
  const { changes, outputs, about } = plan;
  const lost = changes.filter(({ action }) => action === 'destroy' || action === 'replace');
  const after = changes.slice(0, mostShown).map(({ action, address, because, attributes }) => ({
    action,
    address,
    ...(because === '' ? {} : { because }),
    ...(action === 'destroy' ? {} : { attributes: attributes.slice(0, 10).map((each) => ({ ...each })) }),
  }));
  const warnings = lost.map(
    ({ action, address, because }) => `${action}s ${address}${because === '' ? '' : `: ${because}`}`,
  );
  return {
    kind: 'dry-run',
    before: { lineage: about.lineage, serial: about.serial },
    after: { changes: after, more: changes.length - after.length, outputs },
    fingerprint: asJson(fingerprint),
    summary: summaryOf(changes, outputs),
    warnings: [...warnings.slice(0, 50), ...plan.warnings],
    raises: raisesOf(plan),
    server: `${targetOf(input)} ${about.lineage ?? 'new'}`,
  };
}

/** Asks Terraform what is left to do, and holds it against what the run said of itself. */
export async function verifyApplied(
  input: WorkspaceInput,
  reader: Reader,
  { output, idempotencyKey }: ExecuteContext,
): Promise<Verification> {
  const done = output as Done | undefined;
  return withWorkCopy(reader, input, async (copy): Promise<Verification> => {
    const { changes, outputs, about } = await makePlan(copy, input, 'apply');
    const left = summaryOf(changes, outputs);
    const names = listed(changes.map(({ address }) => address));
    const wrong = done?.errors ?? [];
    if (about.writtenBy !== idempotencyKey && about.writtenBy !== null && done === undefined)
      return { state: 'unclear', evidence: 'Another step has written the state since.' };
    if (changes.length === 0 && outputs.length === 0) {
      const evidence = `Terraform finds nothing left to change (serial ${about.serial ?? 'none'}).`;
      return { state: 'healthy', evidence: [evidence, ...wrong].join(' ') };
    }
    if (done !== undefined && wrong.length === 0) {
      const evidence = `All of the plan was applied. A new plan would change again: ${left} (${names || 'outputs'}).`;
      return { state: 'healthy', evidence };
    }
    return { state: 'failed', evidence: [...wrong, `Left to do: ${left}: ${names || 'outputs'}.`].join(' ') };
  });
}

const holdsData =
  /(^|_)(db|database|sql|bucket|storage|volume|disk|filesystem|dynamodb|redis|cache|table|vault)(_|$)/;

function raisesOf({ changes, provisioners }: MadePlan): RiskRaise[] {
  const raises: RiskRaise[] = [];
  const data = changes.filter(
    ({ action, type }) => (action === 'destroy' || action === 'replace') && holdsData.test(type),
  );
  if (data.length > 0) {
    const names = listed(data.map(({ address }) => address));
    raises.push({ level: 'high', reason: `data may be lost with ${names}` });
  }
  if (provisioners && changes.length > 0)
    raises.push({ level: 'high', reason: 'the configuration runs commands of its own (provisioners)' });
  return raises;
}

function renderDone({ added, changed, destroyed, serial, errors }: Done): Rendered {
  const counts = `${added} added, ${changed} changed, ${destroyed} destroyed (state serial ${serial ?? 'none'}).`;
  if (errors.length === 0) return { kind: 'text', text: `Applied: ${counts}` };
  return { kind: 'text', text: [`Applied in part: ${counts}`, ...errors].join('\n') };
}
