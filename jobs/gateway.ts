import type { GatewayEngine } from '../src/engine/engine.ts';
import { grantUndo } from '../src/engine/grant-undo.ts';
import { handleMessage } from '../src/engine/handle-message.ts';
import { think } from '../src/engine/investigate/think.ts';
import { type Consumer, consume, type Intake } from './consume.ts';
import type { JobPayloads } from './queues.ts';

/** What gateways take: messages to read, and undo hours to grant. */
export function consumeGateway(engine: GatewayEngine, intake: Intake): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ kind, id }: JobPayloads['gateway']) =>
    kind === 'message' ? { message: id } : { plan: id };
  return consume('gateway', intake, { concurrency: 10, logger, telemetry, about }, ({ kind, id }) => {
    switch (kind) {
      case 'message':
        return handleMessage(engine, id);
      case 'grant-undo':
        return grantUndo(engine, id);
      default:
        return kind satisfies never;
    }
  });
}

/** Turns of investigations, whose models may be slow. */
export function consumeThoughts(engine: GatewayEngine, intake: Intake): Consumer {
  const { logger, telemetry } = engine;
  const about = ({ id }: JobPayloads['thoughts']) => ({ message: id });
  return consume('thoughts', intake, { concurrency: 20, logger, telemetry, about }, ({ id }) =>
    think(engine, id),
  );
}
