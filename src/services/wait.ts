import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is an answer or the time is over (then undefined). Asks at least once. */
export async function waitFor<Answer>(
  ask: () => Promise<Answer | undefined>,
  limit: { milliseconds: number; every?: number },
): Promise<Answer | undefined> {
  const end = Date.now() + limit.milliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) return undefined;
    await sleep(limit.every ?? 25);
  }
}
