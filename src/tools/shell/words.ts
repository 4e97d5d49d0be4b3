import type { Node } from 'web-tree-sitter';

export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child !== null) yield* walk(child);
}

/** A word as bash will read it, where it is written out: no variable, substitution or other expansion in it. */
export function literal(word: Node | null): string | undefined {
  if (word === null || /[$`]/.test(word.text)) return undefined;
  return word.text.replace(/["'\\]/g, '');
}
