/** Longer messages are answered, not read: what is asked of Reign fits in far less. */
export const longestMessage = 4000;

const invisible = /[\p{Cf}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed.
const control = /[\u0000-\u001f\u007f-\u009f]+/gu;
const mention = /^(?:[\s,:]*(?:<@[A-Z0-9]+>|@reign\b|\/reign\b|reign[,:]))+[\s,:]*/i;

/** One line without control and zero-width characters, plain quotes and dashes, no mention of Reign in front. */
export function cleanText(text: string): string {
  return text
    .replace(invisible, '')
    .replace(control, ' ')
    .replace(/[\u2018\u2019\u201b\u2032]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\u2010-\u2013\u2212]/g, '-')
    .replace(/\u2014/g, ' - ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(mention, '')
    .replace(/[\s,]*@reign\b[,:]?/gi, '')
    .trim();
}
