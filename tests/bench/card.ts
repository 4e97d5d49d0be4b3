import type { Api } from '../support/reign.ts';

/**
 * Milliseconds from sending a message to its approval card, over HTTP on the demo cluster, one after the other.
 * A card that is not a plan is an error, not a sample.
 */
export async function cardMilliseconds(api: Api, samples: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < samples; n += 1) {
    const started = performance.now();
    const sent = await api.ask(`scale checkout to ${10 + n} in staging`);
    for (;;) {
      const entry = (await api.entries(sent.conversation)).find(({ key }) => key === `r-${sent.message}`);
      if (entry && entry.body.kind !== 'working') {
        if (entry.body.kind !== 'plan') throw new Error(`no card: ${JSON.stringify(entry.body)}`);
        times.push(performance.now() - started);
        await api.call('POST', `/plans/${entry.body.plan.id}/cancel`, {});
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    // People do not ask back to back: a process is forked ahead again meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return times;
}
