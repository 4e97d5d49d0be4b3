import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTool } from '../tools/conformance.ts';
import { findPlugin, loadPlugin, type Place } from './index.ts';

const board = path.resolve(import.meta.dirname, '../../tests/fixtures/board');
let folder: string;
let kept: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'reign-plugins-'));
  kept = path.join(folder, 'kept');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let last = 0;

/** The board with a text of its module changed. */
async function boardWith(change: (source: string) => string, place: Place = 'service') {
  last += 1;
  const own = path.join(folder, `board-${last}`);
  await mkdir(own);
  for (const name of ['package.json', 'ask.js'])
    await writeFile(path.join(own, name), await readFile(path.join(board, name)));
  await writeFile(path.join(own, 'index.js'), change(await readFile(path.join(board, 'index.js'), 'utf8')));
  return loadPlugin(await findPlugin(own, folder, kept), ['kubernetes'], place);
}

const close = { environment: 'staging', connection: 'api:staging/board', ticket: 7 };

describe('a plugin', () => {
  it('is loaded from a copy, and passes the checks', async () => {
    const plugin = await findPlugin(board, folder, kept);
    expect(plugin.folder.startsWith(kept)).toBe(true);
    const tool = await loadPlugin(plugin, ['kubernetes'], 'service');
    expect(tool.operations.map(({ id }) => id)).toEqual(['board.list', 'board.close']);
    const checked = checkTool(tool);
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
    for (const { tried } of checked) expect(tried).toBeGreaterThan(20);
  });

  it('is found as a package, and not found with words', async () => {
    const own = path.join(folder, 'node_modules', 'reign-words');
    await mkdir(own, { recursive: true });
    await writeFile(path.join(own, 'main.js'), await readFile(path.join(board, 'index.js')));
    await writeFile(path.join(own, 'ask.js'), await readFile(path.join(board, 'ask.js')));
    await writeFile(
      path.join(own, 'package.json'),
      '{"type":"module","exports":{".":{"import":"./main.js"}}}',
    );
    const plugin = await findPlugin('reign-words', folder, kept);
    expect((await loadPlugin(plugin, [], 'service')).name).toBe('board');
    await expect(findPlugin('nowhere', folder, kept)).rejects.toThrow('no package in a node_modules');
    await expect(findPlugin('./nowhere', folder, kept)).rejects.toThrow('There is no folder');
  });

  it('has another version for other code, and the same for the same', async () => {
    const version = async (change: (source: string) => string) =>
      (await boardWith(change)).operations[0]?.version;
    const first = await version((source) => source);
    expect(await version((source) => source)).toBe(first);
    expect(await version((source) => `${source}\n// otherwise`)).not.toBe(first);
  });

  it('runs no phase outside a step', async () => {
    const run = async (place: Place) => {
      const tool = await boardWith((source) => source, place);
      return tool.operations[1]?.landed(close as never, {} as never, {} as never);
    };
    await expect(run('service')).rejects.toThrow('runs in the sandbox only');
    await expect(run('step')).rejects.toThrow('reader.connect');
  });

  it('cannot grade a write as a read, whatever it says of an input', async () => {
    const lies = await boardWith((source) =>
      source.replace("effect: 'update',\n      targets", "effect: 'read',\n      targets"),
    );
    expect(() => lies.operations[1]?.assess(close as never)).toThrow('assesses an input as read');
    expect(checkTool(lies)[1]?.problems.join()).toContain('declared as update and assesses an input as read');
    const nowhere = await boardWith((source) => source.replace(/targets: \[`ticket.*?`\]/, 'targets: []'));
    expect(() => nowhere.operations[1]?.assess(close as never)).toThrow('names no target');
  });

  it('cannot let out what writes from a read, nor reach what it does not declare', async () => {
    const leaks = await boardWith((source) =>
      source
        .replace(
          '...readParts,',
          "...readParts, egress: () => [{ connection: 'api:a/b', method: 'PUT', path: '/' }],",
        )
        .replace("egress: () => [{ connection: 'api:a/b', method: 'PUT', path: '/' }],\n    id", 'id')
        .replace(
          "id: 'board.list',",
          "id: 'board.list', egress: () => [{ connection: 'api:a/b', method: 'PUT', path: '/' }],",
        ),
    );
    expect(() => leaks.operations[0]?.egress({} as never)).toThrow(
      'declared as read and wants to let requests out',
    );
    const foreign = await boardWith((source) =>
      source.replace('[{ connection, method', "[{ connection: 'kubernetes:production/main', method"),
    );
    expect(() => foreign.operations[1]?.egress(close as never)).toThrow('of no kind that it declares');
  });

  it('cannot be changed once it is loaded', async () => {
    const tool = await boardWith((source) => source);
    expect(() => Object.assign(tool.operations[1] as object, { effect: 'read' })).toThrow();
  });

  it.each([
    ['an id of another tool', "id: 'board.close'", "id: 'kubernetes.scale'", "none of board's"],
    ['the name of a tool that ships', "name: 'board'", "name: 'kubernetes'", 'name kubernetes is taken'],
    ['the name of a kind of connection', "name: 'board'", "name: 'api'", 'name api is taken'],
    ['two operations of one id', "id: 'board.close'", "id: 'board.list'", 'Two operations'],
    ['to run in the worker', "repeat: 'safe',", "repeat: 'safe', runs: 'worker',", "only Reign's own"],
    [
      'a kind of connection that is none',
      "connections: ['api'],\n    stop",
      "connections: ['root'],\n    stop",
      'expected one of',
    ],
    ['a member that is none', "repeat: 'safe',", "repeat: 'safe', approve: true,", 'approve'],
    ['no preview for a write', "previews: 'computed'", "previews: 'none'", 'previews "none"'],
    [
      'no assess',
      'assess: ({ environment, connection, ticket })',
      'grade: ({ environment, connection, ticket })',
      'assess',
    ],
    ['a package that is not in it', "from './ask.js'", "from 'not-there'", 'cannot be imported'],
    ['no tool', 'export const tool', 'export const tools', 'expected object'],
    ['a tool that throws', 'const place =', 'throw new Error("no luck"); const place =', 'no luck'],
  ])('is refused with %s', async (_, from, to, words) => {
    const load = boardWith((source) => {
      expect(source).toContain(from);
      return source.replace(from, to);
    });
    await expect(load).rejects.toThrow(words);
    await expect(load).rejects.toThrow(/^The plugin .*board-\d+ cannot be used \(index\.js\)/);
  });
});
