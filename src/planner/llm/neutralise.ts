/** Characters that people do not see and models do: controls, tags, zero width, direction, variation selectors. */
const hidden = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?![\n\t])\p{Cc}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of terminals.
const terminal = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Characters of one piece of data that a model is shown; of what is longer, its beginning and its end. */
const longest = 8_000;

/** Text from outside without what is hidden in it, and without anything that would end the marks around it. */
export function neutralise(text: string): string {
  return text
    .replace(terminal, '')
    .replace(hidden, '')
    .replace(/<(?=\/?\s*data\b)/gi, '‹');
}

/** Marks text from outside as data. `source` is written by code. */
export function asData(source: string, text: string): string {
  const plain = neutralise(text);
  const half = longest / 2;
  const shown =
    plain.length <= longest
      ? plain
      : `${plain.slice(0, half)}\n… ${plain.length - longest} characters left out …\n${plain.slice(-half)}`;
  return `<data source="${neutralise(source).replace(/["\n]/g, ' ')}">\n${shown.toWellFormed?.() ?? shown}\n</data>`;
}
