import type { Approval } from '../../../../../src/domain/approval.ts';
import { count } from '../words.ts';

/** What policy asks for, e.g. "Needs 2 approvals by a lead or admin, none of them an author of the plan." */
export function approvalInWords(approval: Approval): string {
  if (approval.kind === 'none') return 'Needs nobody’s approval.';
  const { quorum, roles, notAuthor } = approval;
  const by = roles.length === 0 ? '' : ` by ${article(roles[0] ?? '')} ${roles.join(' or ')}`;
  const author = quorum > 1 ? ', none of them an author of the plan' : ' who is no author of the plan';
  return `Needs ${count(quorum, 'approval')}${by}${notAuthor ? author : ''}.`;
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
