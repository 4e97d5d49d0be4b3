import { FaultLine } from '../common/fault-line.tsx';
import { useSurroundings } from '../state/context.ts';
import type { Outbox, Pending } from '../state/use-outbox.ts';
import { Said } from './said.tsx';

type PendingMessagesProps = { pending: readonly Pending[]; outbox: Outbox };

/** Messages that are on their way, or that could not be sent. */
export function PendingMessages({ pending, outbox }: PendingMessagesProps) {
  const { person } = useSurroundings();
  return pending.map(({ key, text, fault }) => (
    <div key={key} className="pending" data-testid="pending">
      <Said person={person} text={text} state={fault ? 'not sent' : 'sending…'} />
      {fault && (
        <div className="row">
          <FaultLine fault={fault} />
          <button type="button" className="small" onClick={() => outbox.again(key)}>
            Send again
          </button>
          <button type="button" className="small" onClick={() => outbox.dismiss(key)}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  ));
}
