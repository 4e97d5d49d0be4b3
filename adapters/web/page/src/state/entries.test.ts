import { describe, expect, it } from 'vitest';
import type { ChatEntry } from '../../../../../src/domain/chat.ts';
import { emptyThread, laidOut, type Thread, threadReducer, undoOf } from './entries.ts';
import { sampleEntry, samplePlan } from './sample.ts';

const said = (key: string, seq = 1, text = key) =>
  sampleEntry(key, seq, { kind: 'said', person: 'you', text });
const open = (conversation?: string) => threadReducer(emptyThread, { type: 'open', conversation });
const add = (thread: Thread, entries: ChatEntry[], options: { conversation?: string; all?: boolean } = {}) =>
  threadReducer(thread, { type: 'entries', conversation: 'c-1', entries, ...options });
const keys = (thread: Thread) => thread.entries.map(({ key }) => key);

describe('the entries of a thread', () => {
  it('keep the place where they first stood when they change', () => {
    const first = add(open('c-1'), [said('a'), said('b')], { all: true });
    const next = add(first, [said('c'), said('a', 2, 'changed')]);
    expect(keys(next)).toEqual(['a', 'b', 'c']);
    expect(next.entries[0]?.body).toMatchObject({ text: 'changed' });
  });
  it('are not replaced by older ones', () => {
    const thread = add(open('c-1'), [said('a', 5, 'new')]);
    expect(add(thread, [said('a', 4, 'old')]).entries[0]?.body).toMatchObject({ text: 'new' });
  });
  it('stand in the server’s order though a live one came before the first answer', () => {
    const early = add(open('c-1'), [said('c', 3)]);
    const loaded = add(early, [said('a'), said('b'), said('c', 2)], { all: true });
    expect(keys(loaded)).toEqual(['a', 'b', 'c']);
    expect(loaded.entries[2]?.seq).toBe(3);
    expect(loaded.loaded).toBe(true);
  });
  it('of another conversation are left alone', () => {
    const thread = open('c-1');
    expect(add(thread, [said('a')], { conversation: 'c-2' })).toBe(thread);
  });
  it('go when another conversation is opened, and stay when the same is', () => {
    const thread = add(open('c-1'), [said('a')]);
    expect(threadReducer(thread, { type: 'open', conversation: 'c-1' })).toBe(thread);
    expect(threadReducer(thread, { type: 'open', conversation: 'c-2' }).entries).toEqual([]);
  });
});

describe('plans', () => {
  const running = samplePlan({ state: 'running', startedAt: '2026-11-22T12:01:00.000Z' });
  it('are the same in every entry that shows them', () => {
    const card = sampleEntry('r-1', 1, { kind: 'plan', plan: samplePlan() });
    const thread = add(open('c-1'), [card], { all: true });
    const next = add(thread, [sampleEntry('progress-p-1', 1, { kind: 'progress', plan: running })]);
    expect(next.plans['p-1']?.state).toBe('running');
    expect(add(next, [card]).plans['p-1']?.state).toBe('running');
  });
  it('are found by what they undo, unless that came to nothing', () => {
    const undo = samplePlan({ id: 'p-2', undoOf: 'p-1' });
    expect(undoOf({ 'p-2': undo }, 'p-1')).toBe(undo);
    expect(undoOf({ 'p-2': { ...undo, state: 'rejected' } }, 'p-1')).toBeUndefined();
    expect(undoOf({}, 'p-1')).toBeUndefined();
  });
});

describe('the layout', () => {
  const card = (key: string) => sampleEntry(key, 1, { kind: 'plan', plan: samplePlan() });
  const progress = sampleEntry('progress-p-1', 1, { kind: 'progress', plan: samplePlan() });
  const layout = (...entries: ChatEntry[]) =>
    laidOut(entries).map(({ entry, repeated }) => [entry.key, repeated]);

  it('lets the card show the progress that follows it', () => {
    expect(layout(said('a'), card('r-1'), progress)).toEqual([
      ['a', false],
      ['r-1', false],
    ]);
  });
  it('keeps a line of progress where something was said in between', () => {
    expect(layout(card('r-1'), said('a'), progress)).toEqual([
      ['r-1', false],
      ['a', false],
      ['progress-p-1', false],
    ]);
  });
  it('shows a plan’s card once, where it was shown last', () => {
    expect(layout(card('r-1'), said('a'), card('r-2'))).toEqual([
      ['r-1', true],
      ['a', false],
      ['r-2', false],
    ]);
  });
});
