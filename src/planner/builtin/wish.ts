import type { ReignWish } from '../../domain/draft.ts';
import type { Params } from './types.ts';

/** A `reign.*` intent as a wish; undefined for any other intent. */
export function wishOf(intent: string, params: Params): ReignWish | undefined {
  const said = (field: string) => (typeof params[field] === 'string' ? { [field]: params[field] } : {});
  switch (intent) {
    case 'reign.status':
      return { wish: 'status', ...said('plan') };
    case 'reign.approve':
      return { wish: 'approve', ...said('plan') };
    case 'reign.cancel':
      return { wish: 'cancel', ...said('plan') };
    case 'reign.undo':
      return { wish: 'undo', ...said('plan') };
    case 'reign.reject':
      return { wish: 'reject', ...said('plan'), ...said('reason') };
    case 'reign.audit':
      return { wish: 'audit', ...said('plan'), ...said('user'), ...said('since') };
    case 'reign.help':
      return { wish: 'help' };
    default:
      return undefined;
  }
}
