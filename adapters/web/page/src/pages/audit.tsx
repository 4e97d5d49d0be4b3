import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type AuditReport, api, type TrailEvent, type TrailPage } from '../api.ts';
import { FaultLine } from '../common/fault-line.tsx';
import { Select, TextFilter } from '../common/field.tsx';
import { Page } from '../common/page.tsx';
import { useAct } from '../common/use-act.ts';
import { Trail } from '../plan/trail.tsx';
import type { SectionProps } from '../shell/section.tsx';
import { given, useFilter } from '../state/use-filter.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { count } from '../words.ts';

/** What the types of events begin with, and what they are about. */
const kinds = [
  ['plan.', 'plans'],
  ['step.', 'steps'],
  ['approval.', 'approvals asked for'],
  ['decision.', 'decisions'],
  ['review.', 'reviews'],
  ['glass.', 'break-glass'],
  ['message.', 'messages'],
  ['question.', 'questions'],
  ['investigation.', 'investigations'],
  ['alert.', 'alerts'],
  ['freeze.', 'freezes'],
  ['session.', 'sign-ins'],
  ['credential.', 'credentials'],
  ['click.', 'refused clicks'],
] as const;

/** Hours back. */
const times = [
  ['1', 'the last hour'],
  ['24', 'the last day'],
  ['168', 'the last week'],
  ['720', 'the last 30 days'],
] as const;

/** The history that shows tampering: to search, to verify and to take away. */
export default function Audit({ route }: SectionProps) {
  const [filter, set] = useFilter(route);
  const { person = '', target = '', type = '', hours = '' } = filter;
  const wanted = useMemo(() => {
    const since = hours === '' ? '' : new Date(Date.now() - Number(hours) * 3_600_000).toISOString();
    return given({ person, target, type, since });
  }, [person, target, type, hours]);
  const load = useCallback(() => api.trail(wanted), [wanted]);
  const { data: first, fault } = useLoaded(load);
  return (
    <Page title="Audit" about="Everything that happened, in chains that show tampering.">
      <Custody />
      <search className="filters">
        <TextFilter label="Who" testId="filter-person" value={person} set={(value) => set('person', value)} />
        <TextFilter
          label="Target"
          testId="filter-target"
          value={target}
          set={(value) => set('target', value)}
        />
        <Select
          label="What"
          any="anything"
          testId="filter-type"
          value={type}
          choices={kinds}
          choose={(value) => set('type', value)}
        />
        <Select
          label="When"
          any="at any time"
          testId="filter-hours"
          value={hours}
          choices={times}
          choose={(value) => set('hours', value)}
        />
      </search>
      <FaultLine fault={fault} />
      {first && <Pages first={first} filter={wanted} />}
    </Page>
  );
}

/** The first page, and those after it as they are asked for. */
function Pages({ first, filter }: { first: TrailPage; filter: Readonly<Record<string, string>> }) {
  const [events, setEvents] = useState<readonly TrailEvent[]>(first.events);
  const [next, setNext] = useState(first.next);
  const { busy, fault, act } = useAct();
  const shown = useRef(first);
  useEffect(() => {
    shown.current = first;
    setEvents(first.events);
    setNext(first.next);
  }, [first]);
  const more = () =>
    act(async () => {
      if (!next) return;
      const page = await api.trail({ ...filter, at: next.at, chain: next.chain, seq: `${next.seq}` });
      // Meanwhile somebody may have asked for other events.
      if (shown.current !== first) return;
      setEvents([...events, ...page.events]);
      setNext(page.next);
    });
  return (
    <>
      <p className="quiet" role="status">
        {count(events.length, 'event')}
        {next ? ', and more' : ''}
      </p>
      {events.length > 0 && <Trail events={events} label="Audit" />}
      {next && (
        <p>
          <button type="button" data-testid="more" disabled={busy} onClick={() => void more()}>
            More
          </button>
        </p>
      )}
      <FaultLine fault={fault} />
    </>
  );
}

/** Verifies the whole audit, and exports it. */
function Custody() {
  const { busy, fault, act } = useAct();
  const [report, setReport] = useState<AuditReport>();
  return (
    <div className="row">
      <button
        type="button"
        data-testid="verify"
        disabled={busy}
        onClick={() => void act(async () => setReport(await api.verifyAudit()))}
      >
        Verify
      </button>
      <a href="/api/v1/audit/export" download="reign-audit.jsonl" data-testid="export">
        Export
      </a>
      {report && (
        <span
          role="status"
          className={report.ok ? 'verified' : 'fault'}
          data-testid="report"
          data-ok={report.ok}
        >
          {reportInWords(report)}
        </span>
      )}
      <FaultLine fault={fault} />
    </div>
  );
}

function reportInWords({ problem, rows, chains = 0, checkpoints = 0 }: AuditReport): string {
  if (problem) return `The audit does not hold at ${problem.where}: ${problem.what}.`;
  return `The audit holds: ${rows} rows in ${chains} chains, ${checkpoints} signed checkpoints.`;
}
