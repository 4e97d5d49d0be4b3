import type { TrailEvent } from '../api.ts';
import { TableFrame } from '../common/table-frame.tsx';
import { useNow } from '../common/use-now.ts';
import { formatRoute } from '../route.ts';
import { timeInWords } from '../words.ts';

/** Events of the audit as a table; where they happened leads to the plan. */
export function Trail({ events, label }: { events: readonly TrailEvent[]; label: string }) {
  const now = useNow(false);
  return (
    <TableFrame label={label}>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">Where</th>
          <th scope="col">Says</th>
        </tr>
      </thead>
      <tbody data-testid="trail">
        {events.map((event) => (
          <tr key={`${event.chain} ${event.seq}`} data-type={event.type}>
            <td title={event.at}>{timeInWords(event.at, now)}</td>
            <td>{event.actor}</td>
            <td>{event.type}</td>
            <td>
              <Where {...event} />
            </td>
            <td>
              <details>
                <summary>{event.payload === undefined ? 'erased' : 'details'}</summary>
                <pre>{JSON.stringify(event.payload, null, 2)}</pre>
              </details>
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function Where({ chain, seq }: TrailEvent) {
  const plan = /^plan:(.+)$/.exec(chain)?.[1];
  if (plan === undefined) return `${chain} ${seq}`;
  return (
    <>
      <a href={formatRoute({ view: 'plan', plan })}>{plan}</a> {seq}
    </>
  );
}
