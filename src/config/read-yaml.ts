import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import type { ConfigProblem, ConfigSource } from './problem.ts';

export type Path = readonly PropertyKey[];

export type ReadYaml = {
  /** Plain data; undefined where the text has syntax errors or nothing in it. */
  data: unknown;
  problems: readonly ConfigProblem[];
  /** Where the key or item at a path stands, or the nearest one above it that is there. */
  locate(path: Path): ConfigSource;
};

/** Reads one YAML document. `file` is how problems name it. Never throws. */
export function readYaml(text: string, file: string): ReadYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): ConfigSource => {
    const { line, col } = lines.linePos(offset);
    return { kind: 'file', file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    source: at(pos[0]),
    message: lowerFirst(message),
  }));
  const resolve = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
  return {
    data: problems.length > 0 ? undefined : toData(() => document.toJS(), problems, at),
    problems,
    locate: (path) => at(offsetOf(resolve, document.contents, path)),
  };
}

/** Aliases may point nowhere or at too much, which only shows here. */
function toData(
  read: () => unknown,
  problems: ConfigProblem[],
  at: (offset: number) => ConfigSource,
): unknown {
  try {
    return read();
  } catch (error) {
    problems.push({ source: at(0), message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function offsetOf(resolve: (node: unknown) => unknown, root: Node | null, path: Path): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const segment of path) {
    node = resolve(node);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === String(segment)) as
        | Pair<unknown>
        | undefined;
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
