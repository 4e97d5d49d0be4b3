import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../config/index.ts';
import { createOnCall, eventsAt } from './on-call.ts';

const calendar = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:1',
  'DTSTART:20261120T080000Z',
  'DTEND:20261120T200000Z',
  'RRULE:FREQ=DAILY;COUNT=10',
  'EXDATE:20261123T080000Z',
  'SUMMARY:Alice Smith, bob',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'UID:2',
  'DTSTART:20261122T200000Z',
  'DTEND:20261123T080000Z',
  'SUMMARY:carol',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

describe('a calendar', () => {
  it.each([
    ['2026-11-22T12:00:00Z', ['Alice Smith', 'bob']],
    ['2026-11-22T20:00:00Z', ['carol']],
    ['2026-11-23T12:00:00Z', []],
    ['2026-11-29T19:59:59Z', ['Alice Smith', 'bob']],
    ['2026-12-01T12:00:00Z', []],
  ])('at %s has on duty: %j', (at, names) => {
    expect(eventsAt(calendar, new Date(at))).toEqual(names);
  });
});

describe('who is on call', () => {
  let url = '';
  let answer: { status: number; body: string } = { status: 200, body: calendar };
  const asked: { url: string; token: string }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', token: request.headers.authorization ?? '' });
    response.writeHead(answer.status).end(answer.body);
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const people = () => [
    { name: 'alice', roles: [], principals: [], onCallAs: 'Alice Smith' },
    { name: 'bob', roles: [], principals: [] },
    { name: 'carol', roles: [], principals: [] },
  ];
  const onCall = (onCallSchedule: Config['approvals']['onCallSchedule'], secrets = {}) =>
    createOnCall(
      {
        approvals: {
          expireAfterSeconds: 1,
          onCall: ['carol'],
          ...(onCallSchedule ? { onCallSchedule } : {}),
        },
        secrets,
      },
      people,
      () => new Date('2026-11-22T12:00:00Z'),
    );

  it('is whom the configuration names, and whom a calendar has on duty', async () => {
    expect(await onCall(undefined)()).toEqual(['carol']);
    expect(await onCall({ ical: `${url}/team.ics` })()).toEqual(['carol', 'alice', 'bob']);
  });

  it('is asked of PagerDuty and Opsgenie with their keys', async () => {
    answer = { status: 200, body: JSON.stringify({ oncalls: [{ user: { summary: 'Alice Smith' } }] }) };
    expect(await onCall({ pagerduty: 'P1', url }, { PAGERDUTY_TOKEN: 'pd' })()).toEqual(['carol', 'alice']);
    answer = { status: 200, body: JSON.stringify({ data: { onCallRecipients: ['bob'] } }) };
    expect(await onCall({ opsgenie: 'S1', url }, { OPSGENIE_API_KEY: 'og' })()).toEqual(['carol', 'bob']);
    expect(asked.slice(-2)).toEqual([
      { url: '/oncalls?schedule_ids[]=P1&limit=100', token: 'Token token=pd' },
      { url: '/v2/schedules/S1/on-calls?flat=true', token: 'GenieKey og' },
    ]);
  });

  it('is nobody’s guess: a schedule that cannot be read is an error', async () => {
    for (const broken of [
      { status: 500, body: '' },
      { status: 200, body: 'no calendar' },
    ]) {
      answer = broken;
      await expect(onCall({ ical: url })()).rejects.toThrow('on-call schedule cannot be read');
    }
  });
});
