import { expect, test } from 'vitest';
import { blobOf, filePath } from '../../github/files.ts';
import { branchName, isGitName } from './branch.ts';
import { loginsWith } from './readiness.ts';
import { nextVersions } from './releases.ts';

test('the hash of a file is git’s own', () => {
  expect(blobOf('')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(blobOf('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});

test.each(['README.md', '.github/workflows/ci.yml', 'a/b-c_d/e+f@2.txt'])('%s is a path', (path) => {
  expect(filePath.safeParse(path).success).toBe(true);
});

test.each(['', '/etc/passwd', '../x', 'a/../b', './a', 'a//b', 'a/', '.git/config', 'a/.GIT/hooks', 'a b'])(
  '%j is no path',
  (path) => {
    expect(filePath.safeParse(path).success).toBe(false);
  },
);

test.each(['main', 'feature/a', 'v1.0.0-rc.1', 'user@host', 'a+b'])('%s is a branch', (name) => {
  expect(branchName.safeParse(name).success).toBe(true);
});

test.each(['', 'a..b', '/a', 'a/', '-a', '.a', 'a/.b', 'a.lock', 'a b', 'a~1', 'a:b', 'a@{1}', '@', 'a//b'])(
  '%j is no branch',
  (name) => {
    expect(isGitName(name)).toBe(false);
    expect(branchName.safeParse(name).success).toBe(false);
  },
);

test('a reviewer’s last word counts; a comment takes nothing back', () => {
  const said = (login: string, state: string) => ({ user: { login }, state });
  const reviews = [
    said('ann', 'CHANGES_REQUESTED'),
    said('bob', 'APPROVED'),
    said('ann', 'APPROVED'),
    said('bob', 'COMMENTED'),
    said('eve', 'APPROVED'),
    said('eve', 'DISMISSED'),
  ];
  expect(loginsWith(reviews, 'APPROVED')).toEqual(['ann', 'bob']);
  expect(loginsWith(reviews, 'CHANGES_REQUESTED')).toEqual([]);
});

test('what may follow a version', () => {
  expect(nextVersions('v1.2.9')).toEqual(['v1.2.10', 'v1.3.0', 'v2.0.0']);
  expect(nextVersions('2026.11')).toEqual([]);
  expect(nextVersions(undefined)).toEqual(['v0.1.0', 'v1.0.0']);
});
