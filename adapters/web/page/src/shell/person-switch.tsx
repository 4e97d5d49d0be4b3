import { api, type Session } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';

/** Whom one is. In demo mode one may be somebody else, to try what needs two people. */
export function PersonSwitch({ session, changed }: { session: Session; changed: () => Promise<void> }) {
  const { busy, fault, act } = useAct();
  const { person, people = [] } = session;
  if (session.mode !== 'demo' || people.length === 0) {
    return (
      <span className="person" data-testid="person">
        {person}
      </span>
    );
  }
  return (
    <span className="person">
      <label>
        <span className="label">Act as</span>
        <select
          aria-label="Act as"
          data-testid="person-switch"
          value={person}
          disabled={busy}
          onChange={({ target }) => void act(() => api.actAs(target.value).then(changed))}
        >
          {people.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <FaultLine fault={fault} />
    </span>
  );
}
