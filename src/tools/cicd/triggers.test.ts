import { expect, test } from 'vitest';
import { dispatchableOf } from './triggers.ts';

test.each([
  ['on: workflow_dispatch', true, []],
  ['on: [push, workflow_dispatch]', true, []],
  ['on:\n  push:\n  workflow_dispatch:', true, []],
  [
    'on: {workflow_dispatch: {inputs: {a: {required: true}, b: {required: true, default: x}, c: {}}}}',
    true,
    ['a'],
  ],
  ['on: push', false, []],
  ['on: [push]', false, []],
  ['on:\n  push:', false, []],
  ['jobs: {}', false, []],
  ['on: [', false, []],
  ['', false, []],
])('%j: by hand %s, needs %j', (text, byHand, required) => {
  expect(dispatchableOf(text)).toEqual({ byHand, required });
});
