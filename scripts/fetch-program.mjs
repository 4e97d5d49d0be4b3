// Puts a program into a folder: `node scripts/fetch-program.mjs FOLDER NAME URL SHA256`. The address leads to the program
// itself, or to a .tar.gz or .zip that holds it. Nothing is done without an address, and nothing kept that was not
// hashed to what was said.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const [folder, name, url, sha256] = process.argv.slice(2);
if (url) await fetchProgram();

async function fetchProgram() {
  if (!/^[0-9a-f]{64}$/.test(sha256 ?? '')) fail(`say the SHA-256 of ${url}`);
  const response = await fetch(url).catch((error) =>
    fail(`${url} cannot be reached: ${error.cause ?? error}`),
  );
  if (!response.ok) fail(`${url} answers ${response.status}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) fail(`${url} has the SHA-256 ${found}, not ${sha256}`);
  await writeFile(path.join(folder, name), await programIn(bytes), { mode: 0o755 });
}

async function programIn(bytes) {
  const { pathname } = new URL(url);
  if (/\.(tar\.gz|tgz)$/.test(pathname)) return fromTar(gunzipSync(bytes));
  return pathname.endsWith('.zip') ? fromZip(bytes) : bytes;
}

function fromTar(tar) {
  const inside = execFileSync('tar', ['-t'], { input: tar, encoding: 'utf8' }).split('\n');
  const wanted = inside.find((each) => path.basename(each) === name && !each.endsWith('/'));
  if (wanted === undefined) fail(`${url} holds no ${name}`);
  return execFileSync('tar', ['-xO', wanted], { input: tar, maxBuffer: 1 << 30 });
}

/** A package of the development ones: an image that was assembled elsewhere has no archives to open. */
async function fromZip(zip) {
  const { unzipSync } = await import('fflate');
  const [program] = Object.values(unzipSync(zip, { filter: (each) => path.basename(each.name) === name }));
  return program ?? fail(`${url} holds no ${name}`);
}

function fail(why) {
  console.error(`fetch-program: ${name}: ${why}.`);
  process.exit(1);
}
