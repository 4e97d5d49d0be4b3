import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from './certificate.ts';

describe('a certificate of a worker', () => {
  it('is read by OpenSSL, fits its key and its name, and is signed by itself', () => {
    const { key, certificate } = makeCertificate();
    const read = new X509Certificate(certificate);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkHost('reign-worker')).toBe('reign-worker');
    expect(read.checkHost('localhost')).toBeUndefined();
    expect(Date.parse(read.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(read.validTo)).toBeGreaterThan(Date.now() + 365 * 24 * 3600 * 1000);
  });

  it('is another one each time', () => {
    const [one, two] = [makeCertificate(), makeCertificate()].map(
      ({ certificate }) => new X509Certificate(certificate),
    );
    expect(one?.serialNumber).not.toBe(two?.serialNumber);
    expect(one?.fingerprint256).not.toBe(two?.fingerprint256);
  });
});
