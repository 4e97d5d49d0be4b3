/**
 * One command of a program. `positionals` name the fields of the words that follow; `object` takes `kind name`,
 * `kind/name` or a name; `rest…` swallows what is left. `flags` fill fields; `set` fills a field with a fixed value.
 * A rule with `given` is meant only where that flag is there; it stands before the one without.
 */
export type CommandRule = {
  words: string;
  given?: string;
  intent: string;
  positionals: readonly string[];
  flags?: { readonly [flag: string]: string };
  set?: { readonly [flag: string]: readonly [field: string, value: string] };
};

/** A program with the flags that all its commands share; `ignored` are flags with a value that says nothing to Reign. */
export type Program = {
  names: readonly string[];
  flags: { readonly [flag: string]: string };
  ignored: readonly string[];
  rules: readonly CommandRule[];
};
