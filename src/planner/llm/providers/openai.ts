import type OpenAI from 'openai';
import type { Json } from '../../../domain/json.ts';
import type { Exchange, Model, ModelReply, Stop } from '../model.ts';
import { providerFault } from './faults.ts';

export type OpenAiOptions = {
  client: OpenAI;
  provider: string;
  key: string;
  model: string;
  maxTokens: number;
};

type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;

/** Any server that speaks OpenAI's chat completions: GPT-4 class models, Ollama, vLLM. */
export function openAiModel({ client, provider, key, model, maxTokens }: OpenAiOptions): Model {
  return {
    provider: 'openai',
    name: model,
    async reply({ system, tools, exchanges, mustCall, signal }) {
      try {
        const stream = client.chat.completions.stream(
          {
            model,
            max_tokens: maxTokens,
            messages: [{ role: 'system', content: system }, ...exchanges.flatMap(toMessages)],
            tools: tools.map(({ name, description, schema }) => ({
              type: 'function' as const,
              function: { name, description, parameters: schema },
            })),
            ...(mustCall ? { tool_choice: 'required' as const } : {}),
            stream_options: { include_usage: true },
          },
          { signal },
        );
        return toReply(await stream.finalChatCompletion());
      } catch (error) {
        throw providerFault(provider, key, error, signal);
      }
    },
  };
}

function toMessages(exchange: Exchange): Message[] {
  if (exchange.role === 'assistant') {
    const calls = exchange.calls.map(({ id, name, input }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(input) },
    }));
    return [
      { role: 'assistant', content: exchange.text, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
    ];
  }
  return exchange.parts.map((part) =>
    part.type === 'text'
      ? { role: 'user', content: part.text }
      : { role: 'tool', tool_call_id: part.call, content: part.ok ? part.text : `Error: ${part.text}` },
  );
}

function toReply({ choices, usage }: OpenAI.Chat.Completions.ChatCompletion): ModelReply {
  const [choice] = choices;
  const message = choice?.message;
  const calls = (message?.tool_calls ?? []).flatMap((call) =>
    call.type === 'function'
      ? [{ id: call.id, name: call.function.name, input: readArguments(call.function.arguments) }]
      : [],
  );
  return {
    text: message?.refusal ?? message?.content ?? '',
    calls,
    raw: null,
    stop: stopOf(choice?.finish_reason, message?.refusal ?? undefined),
    used: {
      inputTokens: usage?.prompt_tokens ?? 0,
      cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
      cacheWrites: 0,
      outputTokens: usage?.completion_tokens ?? 0,
    },
  };
}

/** Arguments that are no JSON are told back as a call without parameters. */
function readArguments(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

function stopOf(reason: string | undefined, refusal: string | undefined): Stop {
  if (refusal !== undefined || reason === 'content_filter') return 'declined';
  if (reason === 'length') return 'cut';
  return reason === 'tool_calls' ? 'calls' : 'done';
}
