import { LLMock } from '@copilotkit/aimock';

type Message = { role: string; content: unknown; tool_calls?: unknown[]; tool_call_id?: string };
type Request = { messages: Message[]; tools?: { function: { name: string; description?: string } }[] };
type Reply = Record<string, unknown>;
/** One turn of a script: a reply, or one made of what was sent. */
export type ScriptedTurn = Reply | ((request: Request) => Reply | Promise<Reply>);

export type TestModel = {
  url: string;
  /** Answers requests whose first message holds `words` by a script, a turn for each reply so far. */
  script(words: string, turns: readonly ScriptedTurn[]): void;
  /** What the server was asked, oldest first. */
  requests(words: string): Request[];
  stop(): Promise<void>;
};

/** The calls of a turn, by tool name. */
export const calls = (...each: [string, object][]): Reply => ({
  toolCalls: each.map(([name, input]) => ({ name, arguments: JSON.stringify(input) })),
});
export const answer = (text: string): Reply => calls(['answer', { text }]);
export const propose = (...steps: object[]): Reply => calls(['propose_plan', { goal: 'as asked', steps }]);

/** A double of the Messages API (aimock) that says what a script says. */
export async function startModel(): Promise<TestModel> {
  const server = new LLMock({ port: 0, host: '127.0.0.1' });
  const scripts = new Map<string, readonly ScriptedTurn[]>();
  const asked: Request[] = [];
  const opening = ({ messages }: Request) => textOf(messages.find(({ role }) => role === 'user'));
  server.on({}, ((request: Request) => {
    asked.push(request);
    const said = opening(request).split('The request, by ').at(-1) ?? '';
    const [, turns = []] = [...scripts].find(([words]) => said.includes(words)) ?? [];
    const turn = turns[request.messages.filter(({ role }) => role === 'assistant').length] ?? turns.at(-1);
    if (turn === undefined) return { error: { message: `no script for: ${said}` }, status: 400 };
    return typeof turn === 'function' ? turn(request) : turn;
  }) as never);
  await server.start();
  return {
    url: server.url,
    script: (words, turns) => void scripts.set(words, turns),
    requests: (words) => asked.filter((request) => opening(request).includes(words)),
    stop: () => server.stop(),
  };
}

export function textOf(message: Message | undefined): string {
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}
