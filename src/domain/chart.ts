/** Numbers that are worth a picture; every face shows the answer's words as well. */
export type Chart =
  | {
      kind: 'lines';
      title: string;
      unit: string;
      /** Points are [seconds since 1970, value], oldest first. */
      series: readonly { name: string; points: readonly (readonly [number, number])[] }[];
    }
  | { kind: 'bars'; title: string; unit: string; bars: readonly { name: string; value: number }[] };

/** One part of a picture, with the names of attributes as React has them. */
export type Shape = {
  tag: 'rect' | 'line' | 'polyline' | 'text';
  attributes: Readonly<Record<string, string | number>>;
  text?: string;
};

export type Drawing = { width: number; height: number; title: string; shapes: readonly Shape[] };

/** A drawing as an SVG file; all text in it is escaped. */
export function svgOf({ width, height, shapes }: Drawing): string {
  const inner = shapes.map(({ tag, attributes, text }) => {
    const given = Object.entries(attributes).map(
      ([name, value]) => ` ${kebab(name)}="${escaped(String(value))}"`,
    );
    return `<${tag}${given.join('')}>${escaped(text ?? '')}</${tag}>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${inner.join('')}</svg>`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Also without the characters that no XML may hold. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
