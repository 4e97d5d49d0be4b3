import { useState } from 'react';
import { api, type Check } from '../api.ts';
import { Badge, EnvironmentBadge } from '../common/badge.tsx';
import { FaultLine } from '../common/fault-line.tsx';
import { Page } from '../common/page.tsx';
import { TableFrame } from '../common/table-frame.tsx';
import { useAct } from '../common/use-act.ts';
import { useSurroundings } from '../state/context.ts';
import { useLoaded } from '../state/use-loaded.ts';
import type { Tone } from '../words.ts';

/** What Reign is connected to, whether it is well, and what would mend what is not. */
export default function Health() {
  const { session } = useSurroundings();
  const { data: health, fault, again } = useLoaded(api.health);
  const ready = Object.entries(health?.checks ?? {});
  return (
    <Page title="Health" about="What Reign is connected to, and whether it is well.">
      <FaultLine fault={fault} />
      <section className="panel" aria-label="Services">
        <h3>Services</h3>
        <ul className="checks" data-testid="ready" data-ok={health?.ok}>
          {ready.map(([name, says]) => (
            <li key={name}>
              <b>{name}</b> <Badge tone={says === 'ok' ? 'good' : 'bad'}>{says}</Badge>
            </li>
          ))}
        </ul>
        <p>
          <button type="button" className="small" onClick={() => void again()}>
            Look again
          </button>
        </p>
      </section>
      <section className="panel" aria-label="Connections">
        <h3>Connections</h3>
        <ul className="environments">
          {session.environments.map((environment) => (
            <li key={environment.name}>
              <EnvironmentBadge {...environment} />
            </li>
          ))}
        </ul>
        {health && (
          <Checks
            label="Connections"
            rows={health.connections.map(({ name, state, hint }) => {
              return { name, says: hint, words: stateWords[state], tone: stateTones[state] };
            })}
          />
        )}
      </section>
      <Doctor />
    </Page>
  );
}

const stateWords = { connected: 'connected', missing: 'not connected', off: 'off' } as const;
const stateTones = { connected: 'good', missing: 'warn', off: 'quiet' } as const;

function Doctor() {
  const { busy, fault, act } = useAct();
  const [checks, setChecks] = useState<readonly Check[]>();
  return (
    <section className="panel" aria-label="Doctor">
      <h3>Doctor</h3>
      <p className="quiet">
        Looks at everything that can be missing or wrong, as <code>npx reign doctor</code> does.
      </p>
      <p>
        <button
          type="button"
          data-testid="doctor"
          disabled={busy}
          onClick={() => void act(async () => setChecks(await api.doctor()))}
        >
          {busy ? 'Looking…' : 'Run the doctor'}
        </button>
      </p>
      <FaultLine fault={fault} />
      {checks && (
        <Checks
          label="What the doctor found"
          rows={checks.map(({ name, ok, says }) => {
            return { name, says, words: ok ? 'ok' : 'to be mended', tone: ok ? 'good' : 'bad' };
          })}
        />
      )}
    </section>
  );
}

type Row = { name: string; says: string; words: string; tone: Tone };

function Checks({ label, rows }: { label: string; rows: readonly Row[] }) {
  return (
    <TableFrame label={label}>
      <tbody data-testid="checks">
        {rows.map(({ name, says, words, tone }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Badge tone={tone}>{words}</Badge>
            </td>
            <td className="wide">{says}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}
