/** The target of a request, taken apart so that no server can read it otherwise than the broker did. */
export type RequestPath = {
  /** Path and query as they will be sent. */
  raw: string;
  /** The path as sent, without query. */
  path: string;
  /** The same with its percent encodings resolved. */
  decoded: string;
  /** Decoded parts between slashes; a slash at the end counts for nothing. */
  segments: readonly string[];
  query: readonly QueryPair[];
};

/** `raw` is the pair as sent. */
export type QueryPair = { raw: string; key: string; value: string };

const longest = 8192;

/** Encodings of / \ % ? # . and control characters: what one server resolves and another does not. */
const trickyEncoding = /%(?:2f|5c|25|3f|23|2e|[01][0-9a-f]|7f)/i;

/** Takes the target of a request line apart; a text says why it is refused. */
export function parseRequestPath(target: string): RequestPath | string {
  if (target.length > longest) return 'The path is too long.';
  if (!target.startsWith('/')) return 'Only paths are passed, no addresses.';
  if (!/^[\x21-\x7e]+$/.test(target) || /[\\#"<>^`{|}]/.test(target))
    return 'The path holds characters that belong percent-encoded.';
  const cut = target.indexOf('?');
  const path = cut === -1 ? target : target.slice(0, cut);
  const segments = parseSegments(path);
  if (typeof segments === 'string') return segments;
  const query = parseQuery(cut === -1 ? '' : target.slice(cut + 1));
  if (typeof query === 'string') return query;
  return { raw: target, path, decoded: decodeURIComponent(path), segments, query };
}

/** The pairs of a query whose key is `name`, however its letters are cased. */
export function pairsNamed(path: RequestPath, name: string): QueryPair[] {
  return path.query.filter(({ key }) => key.toLowerCase() === name.toLowerCase());
}

function parseSegments(path: string): string[] | string {
  if (trickyEncoding.test(path)) return 'The path hides a separator, a dot or a control character.';
  if (decode(path) === undefined) return 'The path is not encoded properly.';
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  const decoded = parts.map((part) => decodeURIComponent(part));
  if (decoded.some((part) => part === '' || part === '.' || part === '..'))
    return 'The path holds an empty part, "." or "..".';
  if (decoded.some((part) => /^\.+;|;/.test(part))) return 'The path holds a semicolon.';
  return decoded;
}

function parseQuery(query: string): QueryPair[] | string {
  if (query.includes(';') || query.includes('?')) return 'The query holds a stray separator.';
  const pairs: QueryPair[] = [];
  for (const raw of query.split('&')) {
    if (raw === '') continue;
    const cut = raw.indexOf('=');
    const key = decodeForm(cut === -1 ? raw : raw.slice(0, cut));
    const value = cut === -1 ? '' : decodeForm(raw.slice(cut + 1));
    if (key === undefined || value === undefined) return 'The query is not encoded properly.';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    if (/[\x00-\x1f\x7f]/.test(key)) return 'The query hides a control character.';
    pairs.push({ raw, key, value });
  }
  return pairs;
}

function decodeForm(text: string): string | undefined {
  return decode(text.replaceAll('+', ' '));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
