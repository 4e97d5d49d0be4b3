import { expect, test } from 'vitest';
import { readMemory, readVolumes, variableProblem } from './run-words.ts';

test.each([
  ['512m', 512],
  ['2g', 2048],
  ['1.5 GiB', 1536],
  ['10485760', 10],
  ['5m', undefined],
  ['much', undefined],
  ['-1g', undefined],
])('%s is %s MiB', (text, megabytes) => {
  expect(readMemory(text)).toBe(megabytes);
});

test('volumes have names; folders of the host are refused in words', () => {
  expect(readVolumes(['data:/data', 'keys:/k:ro'])).toEqual([
    { name: 'data', path: '/data', readOnly: false },
    { name: 'keys', path: '/k', readOnly: true },
  ]);
  for (const text of ['/srv:/data', './x:/x', '~/x:/x', '/var/run/docker.sock:/s'])
    expect(readVolumes([text])).toContain('folder of the machine');
  for (const text of ['data', 'data:x', 'data:/x:rw,z', 'a b:/x', 'data:/x:ro:y'])
    expect(readVolumes([text])).toContain('is no volume');
});

test('a folder of the machine is mounted where it is listed', () => {
  const listed = ['/srv/uploads', '/srv/keys:ro'];
  expect(readVolumes(['/srv/uploads:/up', '/srv/keys:/k:ro'], listed)).toEqual([
    { name: '/srv/uploads', path: '/up', readOnly: false },
    { name: '/srv/keys', path: '/k', readOnly: true },
  ]);
  for (const text of ['/srv/keys:/k', '/srv/uploads/x:/x', '/srv/uploads/:/x', './srv/uploads:/x'])
    expect(readVolumes([text], listed)).toContain('open to containers are: /srv/uploads, /srv/keys:ro');
});

test('variables that look like secrets are refused, without their value', () => {
  expect(variableProblem(['MODE=fast', 'KEYBOARD=us'])).toBeUndefined();
  for (const name of ['DB_PASSWORD', 'API_KEY', 'TOKEN', 'clientSecret'])
    expect(variableProblem([`${name}=hunter2`])).toMatch(
      new RegExp(`^${name} looks like a secret(?!.*hunter2)`),
    );
  expect(variableProblem(['x'])).toContain('NAME=value');
});
