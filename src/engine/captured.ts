import { canonicalJson, sha256 } from '../domain/json.ts';
import type { Step } from '../domain/plan.ts';
import type { Transaction } from './ports.ts';

/** Whether what a step's row says it captured before its write is what the audit was told then. */
export async function capturedAsAudited(tx: Transaction, step: Step): Promise<boolean> {
  if (step.captured === undefined) return true;
  const audited = await tx.auditedCapture(step.planId, step.id);
  return audited === sha256(canonicalJson(step.captured));
}
