import { canonicalJson, type Json, sha256 } from '../domain/json.ts';
import type { Step } from '../domain/plan.ts';
import type { Sealed } from '../domain/ports/secrets.ts';
import type { Transaction } from './ports.ts';

/** Whether what a step's row says it captured before its write is what the audit was told then. */
export async function capturedAsAudited(tx: Transaction, step: Step): Promise<boolean> {
  if (step.captured === undefined) return true;
  const audited = await tx.auditedCapture(step.planId, step.id);
  // Before captures could be wrapped anew the audit was told the hash of the whole.
  return audited === captureHash(step.captured) || audited === sha256(canonicalJson(step.captured));
}

/** What the audit is told of what was captured. */
export function captureHash(captured: Json): string {
  return sha256(canonicalJson(capturedContent(captured)));
}

/** Of a sealed value what stays when its data key is wrapped anew; what is more than that counts whole. */
export function capturedContent(captured: Json): Json {
  const { sealed, ...others } = (captured ?? {}) as { sealed?: Sealed };
  const plain = sealed === undefined || Object.keys(others).length > 0;
  return plain ? captured : { iv: sealed.iv, text: sealed.text };
}
