import { expect, test } from 'vitest';
import { portBindings, portWords, readPorts } from './ports.ts';

const words = (text: string, exposed?: number) => {
  const ports = readPorts(text, exposed);
  return typeof ports === 'string' ? ports : ports.map(portWords);
};

test('ports are published on loopback unless an address is said', () => {
  expect(words('8080:80')).toEqual(['127.0.0.1:8080→80/tcp']);
  expect(words('0.0.0.0:8080:80')).toEqual(['0.0.0.0:8080→80/tcp']);
  expect(words('53:53/udp, 8443:443')).toEqual(['127.0.0.1:53→53/udp', '127.0.0.1:8443→443/tcp']);
});

test('a single number is the host’s; the image may say which is the container’s', () => {
  expect(words('8080')).toEqual(['127.0.0.1:8080→8080/tcp']);
  expect(words('8080', 80)).toEqual(['127.0.0.1:8080→80/tcp']);
  expect(words('')).toEqual([]);
});

test.each(['x', '0', '70000:80', '80:70000', '1:2:3', '300.1.1.1:1:1', '80:80/sctp', '-1'])(
  '"%s" is none',
  (text) => {
    expect(words(text)).toContain('is no port');
  },
);

test('two addresses of one port of the container stand together', () => {
  const ports = readPorts('80:80 81:80', undefined);
  expect(portBindings(ports as never)).toEqual({
    '80/tcp': [
      { HostIp: '127.0.0.1', HostPort: '80' },
      { HostIp: '127.0.0.1', HostPort: '81' },
    ],
  });
});
