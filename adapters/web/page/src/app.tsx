import { useCallback, useEffect, useState } from 'react';
import type { Fault } from '../../../../src/domain/fault.ts';
import { api, faultFrom, type Session } from './api.ts';
import { tokenIn } from './route.ts';
import { Shell } from './shell/shell.tsx';
import { SignIn } from './shell/sign-in.tsx';

type Gate = { state: 'looking' } | { state: 'out'; fault?: Fault } | { state: 'in'; session: Session };

export function App() {
  const [gate, setGate] = useState<Gate>({ state: 'looking' });
  const look = useCallback(async () => setGate(await enter()), []);
  const leave = useCallback(() => setGate({ state: 'out' }), []);
  useEffect(() => {
    void look();
    const changed = () => {
      if (tokenIn(window.location.hash)) void look();
    };
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, [look]);
  if (gate.state === 'looking') return <p className="gate quiet">One moment…</p>;
  if (gate.state === 'out') return <SignIn fault={gate.fault} entered={look} />;
  return <Shell key={gate.session.person} session={gate.session} changed={look} signedOut={leave} />;
}

/** Exchanges the token of the address, if any, and asks who we are. A used token is no harm to who is signed in. */
async function enter(): Promise<Gate> {
  const token = tokenIn(window.location.hash);
  if (token) window.history.replaceState(null, '', window.location.pathname);
  const refused = token ? await api.signIn(token).then(() => undefined, faultFrom) : undefined;
  try {
    return { state: 'in', session: await api.session() };
  } catch (error) {
    const fault = refused ?? faultFrom(error);
    return refused || fault.code !== 'not-signed-in' ? { state: 'out', fault } : { state: 'out' };
  }
}
