import { expect, it } from 'vitest';
import { mayReach } from './addresses.ts';

it.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'ff02::1',
  'nonsense',
])('does not reach %s unless it is allowed', (address) => {
  expect(mayReach(address, 'internal.example', 80, [])).toBe(false);
  expect(mayReach(address, 'internal.example', 80, ['other.example', 'internal.example:81', 'x/y'])).toBe(
    false,
  );
});

it('reaches public addresses', () => {
  expect(mayReach('93.184.216.34', 'example.com', 443, [])).toBe(true);
  expect(mayReach('2606:2800:220:1::1', 'example.com', 443, [])).toBe(true);
});

it.each(['internal.example', 'INTERNAL.example:80', '10.1.2.3', '10.1.2.3:80', '10.0.0.0/8'])(
  'reaches a private address that %s allows',
  (entry) => {
    expect(mayReach('10.1.2.3', 'internal.example', 80, [entry])).toBe(true);
    expect(mayReach('::ffff:10.1.2.3', 'internal.example', 80, [entry])).toBe(true);
    expect(mayReach('192.168.0.1', 'other.example', 80, [entry])).toBe(false);
  },
);
