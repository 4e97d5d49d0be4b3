import ICAL from 'ical.js';
import type { Config } from '../config/index.ts';
import { FaultError } from '../domain/fault.ts';
import type { Person } from '../domain/person.ts';

/** How long an answer of a schedule is believed, and how long it is waited for, in milliseconds. */
const believedMs = 60_000;
const patienceMs = 5_000;

type Schedule = NonNullable<Config['approvals']['onCallSchedule']>;

/**
 * Names of the people who are on call now: those whom reign.yaml names, and whoever a schedule has on duty. Throws
 * FaultError `unreachable` while the schedule cannot be read: then nobody breaks the glass.
 */
export function createOnCall(
  { approvals, secrets }: Pick<Config, 'approvals' | 'secrets'>,
  people: () => readonly Person[],
  now: () => Date = () => new Date(),
): () => Promise<readonly string[]> {
  const { onCall, onCallSchedule } = approvals;
  let known: { names: readonly string[]; until: number } | undefined;
  return async () => {
    if (!onCallSchedule) return onCall;
    if (!known || known.until < now().getTime()) {
      const names = await namesOnDuty(onCallSchedule, secrets, now()).catch((error: Error) => {
        throw new FaultError('unreachable', `The on-call schedule cannot be read: ${error.message}`);
      });
      known = { names, until: now().getTime() + believedMs };
    }
    const onDuty = new Set(known.names.map((name) => name.trim().toLowerCase()));
    const found = people().filter(({ name, onCallAs }) =>
      [name, onCallAs].some((each) => each !== undefined && onDuty.has(each.toLowerCase())),
    );
    return [...new Set([...onCall, ...found.map(({ name }) => name)])];
  };
}

async function namesOnDuty(schedule: Schedule, secrets: Config['secrets'], now: Date): Promise<string[]> {
  if ('ical' in schedule) return eventsAt(await fetchText(schedule.ical, {}), now);
  if ('pagerduty' in schedule) {
    const { pagerduty: id, url = 'https://api.pagerduty.com' } = schedule;
    const headers = { authorization: `Token token=${secrets['PAGERDUTY_TOKEN'] ?? ''}` };
    const text = await fetchText(
      `${url}/oncalls?schedule_ids[]=${encodeURIComponent(id)}&limit=100`,
      headers,
    );
    const { oncalls = [] } = JSON.parse(text) as { oncalls?: { user?: { summary?: string } }[] };
    return oncalls.flatMap(({ user }) => (user?.summary ? [user.summary] : []));
  }
  const { opsgenie: id, url = 'https://api.opsgenie.com' } = schedule;
  const headers = { authorization: `GenieKey ${secrets['OPSGENIE_API_KEY'] ?? ''}` };
  const text = await fetchText(`${url}/v2/schedules/${encodeURIComponent(id)}/on-calls?flat=true`, headers);
  const { data } = JSON.parse(text) as { data?: { onCallRecipients?: string[] } };
  return data?.onCallRecipients ?? [];
}

async function fetchText(url: string, headers: Record<string, string>): Promise<string> {
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(patienceMs) });
  if (!response.ok) throw new Error(`it answered with ${response.status}`);
  return response.text();
}

/** Titles of the events of a calendar that are going on, each read as a list of names; repeated events are followed. */
export function eventsAt(text: string, now: Date): string[] {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const at = ICAL.Time.fromJSDate(now, true);
  return calendar
    .getAllSubcomponents('vevent')
    .map((component) => new ICAL.Event(component))
    .filter((event) => isGoingOn(event, at))
    .flatMap(({ summary }) => summary.split(/[,;/&]| and /))
    .map((name) => name.trim());
}

/** Turns of a repeated event that are looked at before now. */
const mostTurns = 20_000;

function isGoingOn(event: ICAL.Event, at: ICAL.Time): boolean {
  const covers = (start: ICAL.Time, end: ICAL.Time) => start.compare(at) <= 0 && end.compare(at) > 0;
  if (!event.isRecurring()) return covers(event.startDate, event.endDate);
  const turns = event.iterator();
  for (let count = 0; count < mostTurns; count += 1) {
    const start = turns.next();
    if (!start || start.compare(at) > 0) return false;
    const { startDate, endDate } = event.getOccurrenceDetails(start);
    if (covers(startDate, endDate)) return true;
  }
  return false;
}
