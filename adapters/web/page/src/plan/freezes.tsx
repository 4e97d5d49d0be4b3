import { type FormEvent, useState } from 'react';
import { api, type Freeze } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Field } from '../common/field.tsx';
import { useAct } from '../common/use-act.ts';
import { useNow } from '../common/use-now.ts';
import { useSurroundings } from '../state/context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { timeInWords } from '../words.ts';

/** What is frozen; and for those who may, how to freeze more and to lift it. */
export function Freezes() {
  const { changes } = useSurroundings();
  const { data, fault, again } = useLoaded(api.freezes, changes);
  const may = data?.mayFreeze ?? [];
  return (
    <section className="panel" aria-label="Freezes">
      <h3>Freezes</h3>
      <p className="quiet">A freeze holds every write that it covers; what runs finishes.</p>
      <FaultLine fault={fault} />
      {data?.freezes.length === 0 && <p>Nothing is frozen.</p>}
      <ul className="cards">
        {data?.freezes.map((freeze) => (
          <FreezeLine
            key={freeze.id}
            freeze={freeze}
            may={may.some((place) => freeze.scope === place || freeze.scope.startsWith(`${place}/`))}
            changed={again}
          />
        ))}
      </ul>
      {may.length > 0 && <FreezeForm may={may} changed={again} />}
    </section>
  );
}

type Changed = { changed: () => Promise<void> };

function FreezeLine({ freeze, may, changed }: { freeze: Freeze; may: boolean } & Changed) {
  const { busy, fault, act } = useAct();
  const now = useNow(false);
  const { scope, reason, by, from, until } = freeze;
  return (
    <li data-testid="freeze" data-scope={scope}>
      <b>{scope}</b>: {reason}{' '}
      <span className="quiet">
        by {by}, {timeInWords(from, now)}
        {until ? `, until ${timeInWords(until, now)}` : ', until it is lifted'}
      </span>{' '}
      {may && (
        <button
          type="button"
          className="small"
          data-testid="lift"
          disabled={busy}
          onClick={() => void act(() => api.endFreeze(scope).then(changed))}
        >
          Lift
        </button>
      )}
      <FaultLine fault={fault} />
    </li>
  );
}

function FreezeForm({ may, changed }: { may: readonly string[] } & Changed) {
  const { busy, fault, act } = useAct();
  const [place, setPlace] = useState(may[0] ?? '');
  const [namespace, setNamespace] = useState('');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const wide = !place.includes('/');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const scope = [place, wide ? namespace.trim() : ''].filter(Boolean).join('/');
    const end = until ? { until: new Date(until).toISOString() } : {};
    void act(async () => {
      await api.freeze({ scope, reason: reason.trim(), ...end });
      setReason('');
      await changed();
    });
  };
  return (
    <form className="form-row" onSubmit={submit} aria-label="Freeze">
      <Field label="Where">
        <select value={place} onChange={({ target }) => setPlace(target.value)}>
          {may.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </Field>
      {wide && (
        <Field label="Namespace (may be left empty)">
          <input value={namespace} maxLength={63} onChange={({ target }) => setNamespace(target.value)} />
        </Field>
      )}
      <Field label="Reason">
        <input
          value={reason}
          required
          maxLength={500}
          data-testid="freeze-reason"
          onChange={({ target }) => setReason(target.value)}
        />
      </Field>
      <Field label="Until (may be left empty)">
        <input
          type="datetime-local"
          value={until}
          data-testid="freeze-until"
          onChange={({ target }) => setUntil(target.value)}
        />
      </Field>
      <button type="submit" className="primary" data-testid="freeze-button" disabled={busy}>
        Freeze
      </button>
      <FaultLine fault={fault} />
    </form>
  );
}
