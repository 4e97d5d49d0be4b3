/** One load test: GET requests to an address, over so many connections, for so long. */
export type LoadTest = { url: string; connections: number; seconds: number };

export const mostLoad = { connections: 200, seconds: 300 };

/** Where a step asks the broker for a load test: the path names all of it, so that an approval is bound to it. */
export function loadTestPath({ url, connections, seconds }: LoadTest): string {
  return `/load/${Buffer.from(url).toString('base64url')}/${connections}/${seconds}`;
}

/** The load test that a path names; undefined for other paths and for more than is ever allowed. */
export function parseLoadTestPath(path: string): LoadTest | undefined {
  const [, url = '', connections = '', seconds = ''] =
    /^\/load\/([\w-]+)\/([1-9]\d*)\/([1-9]\d*)$/.exec(path) ?? [];
  const test = { url: decode(url), connections: Number(connections), seconds: Number(seconds) };
  const bounded = test.connections <= mostLoad.connections && test.seconds <= mostLoad.seconds;
  return url !== '' && bounded && URL.canParse(test.url) ? test : undefined;
}

/** Whether an address is one of an environment's own hosts, written as `host` or `host:port`. */
export function isOwnHost(url: URL, hosts: readonly string[]): boolean {
  const named = hosts.map((host) => host.toLowerCase());
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return named.includes(url.hostname) || named.includes(`${url.hostname}:${port}`);
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}
