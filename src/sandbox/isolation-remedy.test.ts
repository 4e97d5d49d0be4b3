import { expect, test } from 'vitest';
import { isolationRemedy } from './isolation-remedy.ts';

test.each([
  ['bubblewrap (the program bwrap) is not installed.', false, 'apt-get install bubblewrap'],
  ['bubblewrap (the program bwrap) is not installed.', true, 'an image with bubblewrap'],
  ["bwrap: Can't mount proc on /newroot/proc: Operation not permitted", true, 'systempaths=unconfined'],
  ['bwrap: No permissions to create new namespace', true, 'seccomp=unconfined'],
])('%s (container: %s): %s', (problem, container, remedy) => {
  expect(isolationRemedy(problem, container)).toContain(remedy);
});
