// A registry that hands out one image: run in the network namespace of the engine, on the loopback port that is named.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const digest = (data) => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const docker = 'application/vnd.docker';
const file = Buffer.alloc(512);
const fields = [
  ['hello', 0],
  ['0000644\0', 100],
  ['0000000\0', 108],
  ['0000000\0', 116],
  ['00000000000\0', 124],
  ['00000000000\0', 136],
  ['        ', 148],
  ['0', 156],
];
for (const [text, at] of fields) file.write(text, at);
file.write(
  `${file
    .reduce((sum, byte) => sum + byte, 0)
    .toString(8)
    .padStart(6, '0')}\0 `,
  148,
);
const tar = Buffer.concat([file, Buffer.alloc(1024)]);
const layer = gzipSync(tar);
const config = Buffer.from(
  JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [digest(tar)] },
  }),
);
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: `${docker}.distribution.manifest.v2+json`,
    config: { mediaType: `${docker}.container.image.v1+json`, size: config.length, digest: digest(config) },
    layers: [
      { mediaType: `${docker}.image.rootfs.diff.tar.gzip`, size: layer.length, digest: digest(layer) },
    ],
  }),
);
const answers = {
  '/v2/': ['application/json', Buffer.from('{}')],
  '/v2/lab/tiny/manifests/1': [`${docker}.distribution.manifest.v2+json`, manifest],
  [`/v2/lab/tiny/manifests/${digest(manifest)}`]: [`${docker}.distribution.manifest.v2+json`, manifest],
  [`/v2/lab/tiny/blobs/${digest(config)}`]: ['application/octet-stream', config],
  [`/v2/lab/tiny/blobs/${digest(layer)}`]: ['application/octet-stream', layer],
};

createServer((request, response) => {
  const [type, body] = answers[request.url] ?? [];
  if (body === undefined)
    return response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'docker-content-digest': digest(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
