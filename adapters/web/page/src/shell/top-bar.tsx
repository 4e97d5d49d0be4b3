import type { Session } from '../api.ts';
import { EnvironmentBadge } from '../common/badge.tsx';
import { Connections } from './connections.tsx';
import { PersonSwitch } from './person-switch.tsx';

type TopBarProps = {
  session: Session;
  online: boolean;
  drawer: boolean;
  changed: () => Promise<void>;
  /** Absent where there is no list of threads. */
  toggleDrawer: (() => void) | undefined;
  help: () => void;
};

export function TopBar({ session, online, drawer, changed, toggleDrawer, help }: TopBarProps) {
  return (
    <header className="top">
      {toggleDrawer && (
        <button
          type="button"
          className="drawer-button"
          aria-expanded={drawer}
          aria-controls="side"
          onClick={toggleDrawer}
        >
          Threads
        </button>
      )}
      <h1 className="brand">Reign</h1>
      {session.mode === 'demo' && (
        <span className="demo-mode">
          Demo<span className="long"> mode</span>
        </span>
      )}
      <ul className="environments" aria-label="Environments">
        {session.environments.map((environment) => (
          <li key={environment.name}>
            <EnvironmentBadge {...environment} />
          </li>
        ))}
      </ul>
      <span className="live" role="status" data-testid="live" data-online={online}>
        {online ? '' : 'Offline, reconnecting…'}
      </span>
      <button
        type="button"
        className="help"
        aria-label="Shortcuts"
        aria-keyshortcuts="?"
        data-testid="help"
        onClick={help}
      >
        ?
      </button>
      <Connections connections={session.connections} environments={session.environments} />
      <PersonSwitch session={session} changed={changed} />
    </header>
  );
}
