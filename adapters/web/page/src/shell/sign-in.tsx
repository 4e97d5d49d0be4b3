import { type FormEvent, useState } from 'react';
import type { Fault } from '../../../../../src/domain/fault.ts';
import { api } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { useAct } from '../common/use-act.ts';
import { tokenIn } from '../route.ts';
import { useLoaded } from '../state/use-loaded.ts';

/** For whoever is not signed in: where the link is, and a field to paste it. */
export function SignIn({ fault, entered }: { fault: Fault | undefined; entered: () => Promise<void> }) {
  const [text, setText] = useState('');
  const { busy, fault: refused, act } = useAct();
  const { data: ways } = useLoaded(api.waysIn);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const link = text.trim();
    const token = tokenIn(link.includes('#') ? link.slice(link.indexOf('#')) : '') ?? link;
    if (token) void act(() => api.signIn(token).then(entered));
  };
  return (
    <main className="gate" data-testid="sign-in">
      <h1>Reign</h1>
      <p>
        Open the sign-in link that Reign printed when it started. It works once, for five minutes;{' '}
        <code>npx reign link</code> makes another.
      </p>
      {ways?.oidc && (
        <p>
          <a href="/auth/oidc" data-testid="sign-in-oidc">
            Sign in with your organisation’s account
          </a>
        </p>
      )}
      <form onSubmit={submit}>
        <label htmlFor="link">Sign-in link</label>
        <div className="row">
          <input
            id="link"
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
          />
          <button type="submit" className="primary" disabled={busy}>
            Sign in
          </button>
        </div>
      </form>
      <FaultLine fault={refused ?? fault} />
    </main>
  );
}
