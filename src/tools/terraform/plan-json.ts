import { canonicalJson, sha256 } from '../../domain/json.ts';
import { type Attribute, attributesOf } from './attributes.ts';

/** What `terraform show -json` says of a saved plan, as far as it is used here. */
export type PlanJson = {
  terraform_version?: string;
  resource_changes?: readonly ResourceChange[];
  resource_drift?: readonly ResourceChange[];
  output_changes?: { [name: string]: { actions: readonly string[] } };
  configuration?: unknown;
};

export type ResourceChange = {
  address: string;
  previous_address?: string;
  deposed?: string;
  mode: string;
  type: string;
  action_reason?: string;
  change: {
    actions: readonly string[];
    before: unknown;
    after: unknown;
    after_unknown?: unknown;
    before_sensitive?: unknown;
    after_sensitive?: unknown;
    replace_paths?: readonly (readonly (string | number)[])[];
    importing?: unknown;
  };
};

/** In the order in which people are shown them: what is lost first. */
export const actions = ['destroy', 'replace', 'forget', 'update', 'import', 'move', 'create'] as const;
export type Action = (typeof actions)[number];

export type Change = {
  address: string;
  type: string;
  action: Action;
  /** Why it is destroyed or replaced, in words; empty where Terraform says nothing. */
  because: string;
  attributes: readonly Attribute[];
};

/** The changes of managed resources, destroyed and replaced ones first; values that are sensitive are masked. */
export function changesOf(changes: readonly ResourceChange[] = []): Change[] {
  const found = changes.flatMap((each): Change[] => {
    const action = each.mode === 'managed' ? actionOf(each) : undefined;
    if (action === undefined) return [];
    const { address, type } = each;
    return [{ address, type, action, because: reasonOf(each), attributes: attributesOf(each.change) }];
  });
  const rank = ({ action }: Change) => actions.indexOf(action);
  return found.sort((a, b) => rank(a) - rank(b) || (a.address < b.address ? -1 : 1));
}

/** Outputs whose value changes. */
export function changedOutputs({ output_changes = {} }: PlanJson): string[] {
  const changed = Object.entries(output_changes).filter(([, { actions }]) => actions[0] !== 'no-op');
  return changed.map(([name]) => name).sort();
}

/** Of all that a plan would change, to the last value; times and what is merely shown are left out. */
export function planDigest({ resource_changes = [], output_changes = {} }: PlanJson): string {
  const key = ({ address, deposed = '' }: ResourceChange) => `${address} ${deposed}`;
  const sorted = [...resource_changes].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return sha256(canonicalJson({ changes: sorted, outputs: output_changes }));
}

/** Whether commands of the configuration's own run on create or destroy. */
export function hasProvisioners(configuration: unknown): boolean {
  if (typeof configuration !== 'object' || configuration === null) return false;
  return Object.entries(configuration).some(
    ([key, value]) => (key === 'provisioners' && Array.isArray(value)) || hasProvisioners(value),
  );
}

function actionOf({ change, previous_address }: ResourceChange): Action | undefined {
  const [first, second] = change.actions;
  if (second !== undefined) return change.actions.includes('forget') ? 'forget' : 'replace';
  switch (first) {
    case 'create':
    case 'update':
    case 'forget':
      return first;
    case 'delete':
      return 'destroy';
    default:
      if (change.importing !== undefined) return 'import';
      return previous_address === undefined ? undefined : 'move';
  }
}

const reasons: { [reason: string]: string } = {
  replace_because_tainted: 'an earlier apply left it half made',
  replace_because_cannot_update: 'it cannot be changed in place',
  replace_by_request: 'asked for',
  replace_by_triggers: 'replace_triggered_by says so',
  delete_because_no_resource_config: 'it is no longer in the configuration',
  delete_because_no_module: 'its module is no longer in the configuration',
  delete_because_wrong_repetition: 'count or for_each of it was changed',
  delete_because_count_index: 'count is smaller',
  delete_because_each_key: 'for_each has no such key any more',
  delete_because_no_move_target: 'it was moved to nowhere',
};

function reasonOf({ action_reason = '', change, previous_address }: ResourceChange): string {
  const words = reasons[action_reason] ?? action_reason.replaceAll('_', ' ');
  const moved = previous_address === undefined ? '' : `was ${previous_address}`;
  const paths = (change.replace_paths ?? []).map((path) => path.join('.'));
  const because = paths.length === 0 ? words : `${words || 'replaced'}: ${paths.join(', ')}`;
  return [because, moved].filter((text) => text !== '').join('; ');
}
