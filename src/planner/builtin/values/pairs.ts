const pair = /(?<![\w=])[A-Za-z_][\w.[\]-]*=(?:"[^"]*"|'[^']*'|[^\s,;"']*[^\s,;"'.?!])/g;

/** The values that a text says as path=value, wherever they stand; undefined where it says none. */
export function pairsIn(text: string): string | undefined {
  return text.match(pair)?.join(', ');
}
