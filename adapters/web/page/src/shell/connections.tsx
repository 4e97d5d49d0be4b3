import { useEffect, useMemo, useRef, useState } from 'react';
import type { Session } from '../api.ts';
import { EnvironmentBadge } from '../common/badge.tsx';
import { useKeys } from '../common/use-keys.ts';

const words = { connected: 'connected', missing: 'not connected', off: 'off' } as const;

/** What Reign is connected to, and how to connect the rest. */
export function Connections({ connections, environments }: Pick<Session, 'connections' | 'environments'>) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useKeys(useMemo(() => [['Escape', () => setOpen(false)]], []));
  useEffect(() => {
    if (!open) return;
    const outside = ({ target }: PointerEvent) => {
      if (!box.current?.contains(target as Node)) setOpen(false);
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [open]);
  const connected = connections.filter(({ state }) => state === 'connected').length;
  return (
    <div className="connections" ref={box}>
      <button
        type="button"
        aria-expanded={open}
        aria-haspopup="dialog"
        data-testid="connections"
        onClick={() => setOpen(!open)}
      >
        <span className="long">Connections </span>
        <span className="short">Links </span>
        {connected}/{connections.length}
      </button>
      {open && (
        <div className="popover" role="dialog" aria-label="Connections">
          <ul className="environments">
            {environments.map((environment) => (
              <li key={environment.name}>
                <EnvironmentBadge {...environment} />
              </li>
            ))}
          </ul>
          <dl>
            {connections.map(({ name, state, hint }) => (
              <div key={name} className="connection" data-state={state}>
                <dt>
                  {name} <span className="state">{words[state]}</span>
                </dt>
                <dd>{hint}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}
