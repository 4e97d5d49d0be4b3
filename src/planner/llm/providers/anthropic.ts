import type Anthropic from '@anthropic-ai/sdk';
import type { Json } from '../../../domain/json.ts';
import type { Exchange, Model, ModelReply, Stop, ToolSpec } from '../model.ts';
import { providerFault } from './faults.ts';

export type AnthropicOptions = {
  client: Pick<Anthropic, 'messages'>;
  /** Names the server and the key in what people are told. */
  provider: string;
  key: string;
  model: string;
  maxTokens: number;
  effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
};

const cached = { cache_control: { type: 'ephemeral' as const } };

/** Claude over the Messages API, streamed: Anthropic's own, Bedrock, Vertex, or any server that speaks it. */
export function anthropicModel(options: AnthropicOptions): Model {
  const { client, provider, key, model, maxTokens, effort } = options;
  return {
    provider: 'anthropic',
    name: model,
    async reply({ system, tools, exchanges, mustCall, signal }) {
      const body = {
        model,
        max_tokens: maxTokens,
        system: [{ type: 'text' as const, text: system, ...cached }],
        tools: tools.map(toTool),
        messages: exchanges.map((exchange, index) => toMessage(exchange, index === exchanges.length - 1)),
        ...(mustCall ? { tool_choice: { type: 'any' as const } } : {}),
        ...(effort ? { output_config: { effort } } : {}),
      };
      try {
        return toReply(await streamed(client, body, signal));
      } catch (error) {
        throw providerFault(provider, key, error, signal);
      }
    },
  };
}

/** A stream that is cut after it began is not tried again by the SDK: it is here, once. */
async function streamed(
  client: AnthropicOptions['client'],
  body: Anthropic.MessageStreamParams,
  signal: AbortSignal,
): Promise<Anthropic.Message> {
  for (let attempt = 1; ; attempt += 1) {
    let began = false;
    const stream = client.messages.stream(body, { signal });
    stream.on('streamEvent', () => {
      began = true;
    });
    try {
      return await stream.finalMessage();
    } catch (error) {
      const answered = (error as { status?: number }).status !== undefined;
      if (!began || answered || signal.aborted || attempt > 1) throw error;
    }
  }
}

function toTool({ name, description, schema }: ToolSpec): Anthropic.Tool {
  return { name, description, input_schema: schema as Anthropic.Tool.InputSchema };
}

/** The end of what is sent is marked as well, so that the next turn finds all of this one in the cache. */
function toMessage(exchange: Exchange, last: boolean): Anthropic.MessageParam {
  if (exchange.role === 'assistant') {
    const own = exchange.provider === 'anthropic' && Array.isArray(exchange.raw) ? exchange.raw : undefined;
    return {
      role: 'assistant',
      content: (own ?? blocksOf(exchange)) as unknown as Anthropic.ContentBlockParam[],
    };
  }
  const content = exchange.parts.map((part, index): Anthropic.ContentBlockParam => {
    const mark = last && index === exchange.parts.length - 1 ? cached : {};
    return part.type === 'text'
      ? { type: 'text', text: part.text, ...mark }
      : { type: 'tool_result', tool_use_id: part.call, content: part.text, is_error: !part.ok, ...mark };
  });
  return { role: 'user', content };
}

function blocksOf({ text, calls }: Exchange & { role: 'assistant' }): Anthropic.ContentBlockParam[] {
  const words: Anthropic.ContentBlockParam[] = text === '' ? [] : [{ type: 'text', text }];
  return [...words, ...calls.map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input }))];
}

function toReply({ content, stop_reason, usage }: Anthropic.Message): ModelReply {
  const cacheReads = usage.cache_read_input_tokens ?? 0;
  const cacheWrites = usage.cache_creation_input_tokens ?? 0;
  return {
    text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n'),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input as Json }] : [],
    ),
    raw: content as unknown as Json,
    stop: stopOf(stop_reason),
    used: {
      inputTokens: (usage.input_tokens ?? 0) + cacheReads + cacheWrites,
      cachedTokens: cacheReads,
      cacheWrites,
      outputTokens: usage.output_tokens ?? 0,
    },
  };
}

function stopOf(reason: Anthropic.Message['stop_reason']): Stop {
  switch (reason) {
    case 'tool_use':
      return 'calls';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'cut';
    case 'refusal':
      return 'declined';
    case 'pause_turn':
      return 'paused';
    default:
      return 'done';
  }
}
