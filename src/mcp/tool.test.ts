import { describe, expect, it } from 'vitest';
import type { McpServer, McpTool } from '../domain/extensions.ts';
import { checkTool } from '../tools/conformance.ts';
import { mcpTool, usableTools } from './index.ts';

const tool = (name: string, inputSchema: McpTool['inputSchema'] = { type: 'object' }): McpTool => ({
  ...{ name, description: 'Does it.', inputSchema, destructive: false },
});

const server = (tools: McpTool[], more: Partial<McpServer> = {}): McpServer => ({
  name: 'notes',
  environment: 'staging',
  reads: ['list'],
  reach: { kind: 'http', connection: 'mcp:staging/notes', url: 'https://notes.example/mcp' },
  tools,
  ...more,
});

const add = tool('addNote', {
  type: 'object',
  properties: {
    text: { type: 'string' },
    colour: { $ref: '#/$defs/colour' },
  },
  required: ['text'],
  $defs: { colour: { enum: ['red', 'blue'] } },
});

describe('the tools of an MCP server', () => {
  it('are operations that pass the checks', () => {
    const checked = checkTool(mcpTool(server([add, tool('list'), tool('wipe-all')])));
    expect(checked.flatMap(({ problems }) => problems)).toEqual([]);
    expect(checked.map(({ id, tried }) => [id, tried > 0])).toEqual([
      ['notes.add_note', true],
      ['notes.list', true],
      ['notes.wipe_all', true],
    ]);
  });

  it('count as running code unless they are listed, and name the one call that they make', () => {
    const [write, read] = mcpTool(server([add, tool('list')])).operations;
    expect([write?.effect, read?.effect]).toEqual(['run-code', 'read']);
    const input = { arguments: { text: 'x' } };
    expect(write?.egress(input as never)).toEqual([
      { connection: 'mcp:staging/notes', method: 'POST', path: '/addNote' },
    ]);
    expect(read?.egress({ arguments: {} } as never)).toEqual([]);
  });

  it('ask for what is missing and take nothing that the server does not name', async () => {
    const [write] = mcpTool(server([add])).operations;
    const resolve = (request: object) => write?.resolve(request as never, {} as never);
    expect(await resolve({ colour: 'red' })).toMatchObject({ kind: 'question', question: { field: 'text' } });
    expect(await resolve({ text: 'x', colour: 'red' })).toMatchObject({ kind: 'input' });
    expect(await resolve({ text: 'x', colour: 'green' })).toMatchObject({ kind: 'impossible' });
    expect(write?.request.safeParse({ other: 1 }).success).toBe(false);
  });

  it('are other versions where anything of them is another', () => {
    const version = (...given: Parameters<typeof server>) => mcpTool(server(...given)).operations[0]?.version;
    const first = version([add]);
    expect(version([add])).toBe(first);
    expect(version([{ ...add, description: 'Otherwise.' }])).not.toBe(first);
    expect(version([add], { reads: ['addNote'] })).not.toBe(first);
    expect(version([add], { environment: 'production' })).not.toBe(first);
  });

  it('are left out, with words, where they cannot be used', () => {
    const given = [
      tool('a-b'),
      tool('a_b'),
      tool('x\ny'),
      tool('bad', { type: 'object', properties: { a: { type: 'nonsense' } } }),
    ];
    const { tools, left } = usableTools(given);
    expect(tools.map(({ name }) => name)).toEqual(['a-b']);
    expect(left.join('\n')).toMatch(/a_b: it is called as a-b is\n.*name cannot be used\nbad: its schema/s);
  });

  it('say that nothing but the word of the server is known', async () => {
    const [write] = mcpTool(server([add])).operations;
    const verify = (output?: object) => write?.verify({} as never, {} as never, { output } as never);
    expect(await verify({ text: 'ok', failed: false })).toMatchObject({
      state: 'healthy',
      evidence: expect.stringContaining('nothing else'),
    });
    expect(await verify({ text: 'cold', failed: true })).toMatchObject({ state: 'failed' });
    expect(await verify()).toMatchObject({ state: 'unclear' });
    expect(await write?.landed({} as never, {} as never, {} as never)).toBe('unclear');
  });
});
