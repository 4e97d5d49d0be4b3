const nameForm = /(?:^|-)(\d+)-\d+-([0-9a-z]+)$/;

/** A name for what belongs to one child, from which {@link isLeftOver} can tell whose it was. */
export function childName(number: number): string {
  return `${process.pid}-${number}-${Date.now().toString(36)}`;
}

/** Whether a name was given by a process of this machine that has ended: what carries it can be removed. */
export function isLeftOver(name: string): boolean {
  const [, id, time] = nameForm.exec(name) ?? [];
  if (id === undefined || time === undefined) return false;
  if (Number(id) !== process.pid) return !isRunning(Number(id));
  const started = Date.now() - process.uptime() * 1000;
  return Number.parseInt(time, 36) < started - 1;
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
