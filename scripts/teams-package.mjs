// Builds the app package that Teams takes: dist/reign-teams.zip, with the manifest for MicrosoftAppId and two icons.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';

const appId = process.env.MicrosoftAppId ?? '';
if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(appId)) {
  console.error(
    'Set MicrosoftAppId to the id of the app registration, as in MicrosoftAppId=… npm run teams:package',
  );
  process.exit(1);
}
const websiteUrl = process.env.REIGN_SERVER_PUBLIC_URL ?? 'https://reign.example';
const template = await readFile(new URL('../adapters/teams/package/manifest.json', import.meta.url), 'utf8');
const manifest = template.replaceAll('{{MicrosoftAppId}}', appId).replaceAll('{{websiteUrl}}', websiteUrl);
JSON.parse(manifest);

const files = {
  'manifest.json': Buffer.from(manifest),
  'color.png': icon(192, { background: [31, 41, 51, 255], line: [255, 255, 255, 255] }),
  'outline.png': icon(32, { background: [0, 0, 0, 0], line: [255, 255, 255, 255] }),
};
await mkdir('dist', { recursive: true });
await writeFile('dist/reign-teams.zip', zipSync(files));
console.log('dist/reign-teams.zip: upload it in Teams under Apps, "Manage your apps", "Upload an app".');

/** A crown in a square, as a PNG of 8-bit RGBA. */
function icon(size, { background, line }) {
  const rows = [];
  for (let y = 0; y < size; y += 1) {
    const row = [0];
    for (let x = 0; x < size; x += 1)
      row.push(...(inCrown((x + 0.5) / size, (y + 0.5) / size) ? line : background));
    rows.push(Buffer.from(row));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Three points over a band. */
function inCrown(x, y) {
  if (x < 0.2 || x > 0.8 || y < 0.28 || y > 0.74) return false;
  if (y > 0.64) return true;
  const phase = (((x - 0.2) / 0.6) * 3) % 1;
  const peak = 1 - Math.abs(phase - 0.5) * 2;
  return y > 0.62 - peak * 0.34;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, sum]);
}
