import type { Standing } from './ports/chat-platform.ts';

/** How long a message may wait for what the platform says of its sender, in milliseconds. */
const patienceMs = 500;

/**
 * What a platform says of the sender of a message, or a member where it does not say so in time: a message is stored and
 * acknowledged whatever happens. A decision waits for the answer instead, and is refused without one.
 */
export async function inTime(standing: Promise<Standing>): Promise<Standing> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Standing>((resolve) => {
    timer = setTimeout(() => resolve('member'), patienceMs);
  });
  try {
    return await Promise.race([standing.catch(() => 'member' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
