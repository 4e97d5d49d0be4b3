import { describe, expect, it } from 'vitest';
import { judgeApi } from './api.ts';
import { judgeMcp } from './mcp.ts';
import { parseRequestPath, type RequestPath } from './request-path.ts';

const reads = ['list', 'look'];

function judge(body: unknown, path = '/', method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const parsed = parseRequestPath(path) as RequestPath;
  return judgeMcp({ method, path: parsed, contentType: 'application/json', body: Buffer.from(text) }, reads);
}

const call = (name: unknown, more = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name },
  ...more,
});

describe('a message to an MCP server', () => {
  it('passes where it calls nothing', () => {
    for (const method of ['initialize', 'ping', 'tools/list', 'notifications/initialized'])
      expect(judge({ jsonrpc: '2.0', id: 1, method }).verdict, method).toBe('read');
    expect(judge('', '/', 'DELETE').verdict).toBe('read');
  });

  it('is read where the configuration lists the tool, and needs a rule everywhere else', () => {
    expect(judge(call('list'), '/list').verdict).toBe('read');
    expect(judge(call('drop'), '/drop').verdict).toBe('write');
    expect(judge(call('LIST'), '/LIST').verdict).toBe('write');
  });

  it.each([
    ['a call whose path names another tool', call('drop'), '/list'],
    ['a call whose path names none', call('drop'), '/'],
    ['a call of nothing', call(undefined), '/list'],
    ['a call of a list', call(['list']), '/list'],
    ['several messages in one', [call('list'), call('drop')], '/list'],
    ['another method', { jsonrpc: '2.0', id: 1, method: 'resources/read' }, '/'],
    ['a method that looks like one', { jsonrpc: '2.0', id: 1, method: 'tools/call ' }, '/list'],
    ['no message', 'tools/call', '/list'],
    ['an answer with something in it', { jsonrpc: '2.0', id: 1, result: { action: 'accept' } }, '/'],
  ])('is refused: %s', (_, body, path) => {
    expect(judge(body, path).verdict).toBe('refuse');
  });

  it('is sent on as it was understood: of two names the last', () => {
    const twice = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop","name":"list"}}';
    const judged = judge(twice, '/list');
    expect(judged).toMatchObject({ verdict: 'read' });
    expect('body' in judged && String(judged.body)).not.toContain('drop');
    expect(judge('{"method":"ping","method":"tools/call","params":{"name":"drop"}}', '/drop').verdict).toBe(
      'write',
    );
  });

  it('is refused with other methods of HTTP', () => {
    for (const method of ['GET', 'PUT', 'PATCH'])
      expect(judge(call('list'), '/list', method).verdict).toBe('refuse');
  });
});

describe('a request to an API', () => {
  it('is read with GET alone', () => {
    const path = parseRequestPath('/tickets/7') as RequestPath;
    const verdict = (method: string) =>
      judgeApi({ method, path, contentType: undefined, body: undefined }).verdict;
    expect(['GET', 'HEAD'].map(verdict)).toEqual(['read', 'read']);
    expect(['POST', 'PUT', 'PATCH', 'DELETE'].map(verdict)).toEqual(['write', 'write', 'write', 'write']);
    expect(['OPTIONS', 'TRACE', 'QUERY'].map(verdict)).toEqual(['refuse', 'refuse', 'refuse']);
  });
});
