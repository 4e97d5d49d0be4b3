import { holdDataDir, ServiceError, startServices } from '../../src/services/index.ts';

// Stands in for Reign: takes the services (or only the lock) of a data folder, says so in one JSON line, stays.
const [what, dataDir = ''] = process.argv.slice(2);
const stayAlive = setInterval(() => {}, 1000);

try {
  if (what === 'hold') {
    const hold = await holdDataDir(dataDir);
    process.once('SIGTERM', () => hold.release().then(() => clearInterval(stayAlive)));
    console.log(JSON.stringify({ held: true }));
  } else {
    const lines: string[] = [];
    const services = await startServices({ dataDir, install: 'never', say: (line) => lines.push(line) });
    process.once('SIGTERM', () => services.stop().then(() => clearInterval(stayAlive)));
    console.log(JSON.stringify({ ...services, lines }));
  }
} catch (error) {
  clearInterval(stayAlive);
  const code = error instanceof ServiceError ? error.code : 'unexpected';
  console.log(JSON.stringify({ error: code, message: String(error) }));
}
