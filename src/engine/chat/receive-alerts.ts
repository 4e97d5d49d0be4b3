import { type Alert, alertKind } from '../../domain/alert.ts';
import { newId } from '../../domain/ids.ts';
import type { ThreadAddress } from '../../domain/ports/chat-platform.ts';
import { clip } from '../../domain/text.ts';
import type { GatewayEngine } from '../engine.ts';
import { showAnswer } from '../entries.ts';
import type { Transaction } from '../ports.ts';
import { type AlertStarts, startForAlert } from './start-for-alert.ts';

/** A kind that was quiet for so long gets a new thread, in milliseconds. */
const foldedFor = 24 * 3_600_000;
const longest = 300;

/** What a thread is called that is not begun yet on its platform: its first post begins it. */
export const newThread = 'new:';

export type AlertOptions = {
  /** Where threads are begun; without it they are on the web page alone. */
  channel?: Omit<ThreadAddress, 'thread'>;
  starts?: AlertStarts;
};

/**
 * Tells of alerts and starts what is configured for them, those of one kind in one thread: its first message says how many fire, the others say each. Stored
 * when this returns; what is told again changes nothing.
 */
export async function receiveAlerts(
  engine: GatewayEngine,
  alerts: readonly Alert[],
  { channel, starts }: AlertOptions = {},
): Promise<void> {
  for (const kind of new Set(alerts.map(alertKind))) {
    const some = alerts.filter((alert) => alertKind(alert) === kind);
    await engine.store.transaction(async (tx) => {
      const conversationId = await threadFor(tx, kind, some, channel);
      const changed: Alert[] = [];
      for (const alert of some) if (await tx.putAlert(alert, conversationId)) changed.push(alert);
      if (changed.length === 0) return;
      const [newest = some[0]] = changed;
      const { firing, resolved } = await tx.alertCounts(conversationId);
      const lines = newest ? [clip(newest.summary, longest)] : [];
      const title = `${titleOf(some)}: ${firing} firing, ${resolved} resolved`;
      showAnswer(tx, conversationId, 'alerts', { kind: 'lines', lines }, { title });
      for (const alert of changed) tellOne(tx, conversationId, alert);
      for (const alert of starts ? changed : [])
        await startForAlert(tx, engine, conversationId, alert, starts as AlertStarts);
    });
  }
}

function titleOf([first]: readonly Alert[]): string {
  return `Alert ${clip(first?.name ?? '', 80)}${first?.environment ? ` in ${clip(first.environment, 40)}` : ''}`;
}

async function threadFor(
  tx: Transaction,
  kind: string,
  alerts: readonly Alert[],
  channel: Omit<ThreadAddress, 'thread'> | undefined,
): Promise<string> {
  const known = await tx.lockAlertThread(kind);
  const lasts = known && known.lastAt.getTime() > tx.now.getTime() - foldedFor;
  const id = lasts ? known.conversationId : newId('c');
  if (!lasts) {
    const about = { title: titleOf(alerts), createdBy: 'monitoring', context: {}, contextAuthors: [] };
    await tx.insertConversation({ id, ...about });
    if (channel) await tx.insertThread({ ...channel, thread: `${newThread}${id}` }, id);
  }
  await tx.putAlertThread(kind, id);
  return id;
}

function tellOne(tx: Transaction, conversationId: string, alert: Alert): void {
  const { fingerprint, startsAt, firing, about, summary } = alert;
  const text = `${firing ? 'Firing' : 'Resolved'}: ${clip(about, longest)}: ${clip(summary, longest)}`;
  const key = `alert-${fingerprint}-${startsAt.getTime()}`;
  tx.entry({ conversationId, key, kind: 'notice', body: { text } });
  const payload = { fingerprint, firing, name: alert.name, environment: alert.environment ?? null, about };
  tx.audit('messages', 'alert.received', 'monitoring', { conversation: conversationId, ...payload });
}
