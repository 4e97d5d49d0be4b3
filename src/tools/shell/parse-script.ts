import { createRequire } from 'node:module';
import type { Node, Parser } from 'web-tree-sitter';

let loading: Promise<Parser> | undefined;

/** Hands the script's syntax tree to `look`; the tree is freed afterwards. */
export async function withTree<Value>(script: string, look: (root: Node) => Value): Promise<Value> {
  const tree = (await parser()).parse(script);
  if (tree === null) throw new Error('The parser gave no tree.');
  try {
    return look(tree.rootNode);
  } finally {
    tree.delete();
  }
}

function parser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bash/tree-sitter-bash.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return parser;
}
