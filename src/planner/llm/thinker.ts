import type { Json } from '../../domain/json.ts';
import type { AnyOperation } from '../../domain/operation.ts';
import type { Telemetry } from '../../domain/ports/telemetry.ts';
import type { Thinker, ThinkerInput, Told, Turn } from '../../domain/ports/thinker.ts';
import type { Runbook } from '../../domain/runbook.ts';
import { askModel } from './ask-model.ts';
import { chooseTools, findOperations, foundIn } from './choose-tools.ts';
import type { Exchange, Model, ModelReply, ToolSpec, UserPart } from './model.ts';
import { asData, neutralise } from './neutralise.ts';
import { costOf, type Price } from './price.ts';
import { readPrompts } from './prompts.ts';
import { readReply } from './read-reply.ts';

export type ThinkerOptions = {
  model: Model;
  price: Price;
  catalogue: readonly AnyOperation[];
  runbooks: readonly Runbook[];
  telemetry: Telemetry;
  /** What traces call the provider. */
  system: string;
};

/** The planner with a language model. Everything it knows of an investigation is in the transcript. */
export function createThinker({
  model,
  price,
  catalogue,
  runbooks,
  telemetry,
  system,
}: ThinkerOptions): Thinker {
  const prompts = readPrompts();
  const name = model.name;
  return {
    model: name,
    prompts: prompts.hash,
    begin: (input) => [asJson({ role: 'user', parts: [{ type: 'text', text: opening(input) }] })],
    tell: (transcript, told, note) => [
      ...transcript,
      asJson(answerTo(transcript as unknown as Exchange[], told, note)),
    ],
    async think(transcript, { signal, end }): Promise<Turn> {
      const exchanges = withEnd(
        transcript as unknown as Exchange[],
        end && prompts.end.replace('{{reason}}', end),
      );
      const tools = toolsFor({ catalogue, runbooks }, exchanges, end !== undefined);
      const request = { system: prompts.system, tools, exchanges, mustCall: end !== undefined, signal };
      const reply = await askModel(model, request, { telemetry, system });
      const thought = readReply(reply, catalogue, runbooks);
      const said = end === undefined ? transcript : exchanges.map(asJson);
      const usd = costOf(price, reply.used);
      telemetry.count('reign_llm_cost_dollars_total', { model: name }, usd);
      const { cacheWrites: _, ...used } = reply.used;
      const looks = thought.kind === 'look' ? thought.looks.length : 0;
      return {
        transcript: [...said, asJson(turnOf(model, reply))],
        thought,
        spent: { turns: 1, looks, usd, ...used },
      };
    },
  };
}

/** What a model is told first: the message, and around it, as data, what it may need. */
function opening({ text, person, earlier, environments, now }: ThinkerInput): string {
  const places = environments.map(({ name, tier, aliases, connections }) => ({
    name,
    tier,
    aliases,
    connections: connections.map(({ kind, name }) => `${kind}:${name}`),
  }));
  const thread = earlier.map(({ who, text }) => `${who}: ${text}`).join('\n');
  return [
    `It is ${now.toISOString().slice(0, 16)}Z. The environments:`,
    asData('configuration', JSON.stringify(places)),
    ...(thread === '' ? [] : ['What was said in this thread before:', asData('thread', thread)]),
    `The request, by ${person}:`,
    neutralise(text),
  ].join('\n');
}

/** Every call of the last turn gets an answer, whatever became of it: providers refuse a transcript without. */
function answerTo(
  transcript: readonly Exchange[],
  told: readonly Told[],
  note: string | undefined,
): Exchange {
  const last = transcript.at(-1);
  const calls = last?.role === 'assistant' ? last.calls : [];
  const results = calls.map(({ id, name }): UserPart => {
    const result = told.find((each) => each.id === id);
    if (!result) return { type: 'result', call: id, ok: false, text: 'This was not done.' };
    const text = result.data ? asData(name, result.text) : neutralise(result.text).slice(0, 8_000);
    return { type: 'result', call: id, ok: result.ok, text };
  });
  const words: UserPart[] = note === undefined ? [] : [{ type: 'text', text: note }];
  return { role: 'user', parts: [...results, ...words] };
}

function withEnd(exchanges: readonly Exchange[], end: string | undefined): Exchange[] {
  const last = exchanges.at(-1);
  if (end === undefined || last?.role !== 'user') return [...exchanges];
  return [...exchanges.slice(0, -1), { role: 'user', parts: [...last.parts, { type: 'text', text: end }] }];
}

/** Chosen for the request as it was made, so that they are the same in each turn; what was found comes on top. */
function toolsFor(
  { catalogue, runbooks }: Pick<ThinkerOptions, 'catalogue' | 'runbooks'>,
  exchanges: readonly Exchange[],
  end: boolean,
): ToolSpec[] {
  const [first] = exchanges;
  const [part] = first?.role === 'user' ? first.parts : [];
  const text = part?.type === 'text' ? part.text.split('The request, by ').slice(1).join(' ') : '';
  const calls = exchanges.flatMap((each) => (each.role === 'assistant' ? each.calls : []));
  const words = calls
    .filter(({ name }) => name === findOperations.name)
    .map(({ input }) => String((input as { words?: unknown } | null)?.words ?? ''));
  const tools = chooseTools(catalogue, text, end, runbooks);
  if (end) return tools;
  const found = foundIn(catalogue, words).filter(({ name }) => tools.every((tool) => tool.name !== name));
  return [...found, ...tools];
}

/** A reply that was cut off is kept without its calls, which are not whole. */
function turnOf({ provider }: Model, { text, calls, raw, stop }: ModelReply): Exchange {
  if (stop === 'cut') return { role: 'assistant', text: text || '(cut off)', calls: [] };
  return { role: 'assistant', text, calls, provider, raw };
}

function asJson(exchange: Exchange): Json {
  return exchange as unknown as Json;
}
