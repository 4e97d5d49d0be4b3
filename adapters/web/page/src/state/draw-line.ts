/** Where the terminal's cursor is, in rows below the one in which the line begins. */
export type Drawn = { data: string; row: number };

/**
 * What a terminal is sent to draw a line anew that may be wider than it is: back to where the line begins, over all of
 * its rows, and the cursor to its place. `width` is what the prompt takes in columns, and `row` where the cursor was left.
 */
export function drawLine(
  { text, at }: { text: string; at: number },
  { prompt, width, columns, row }: { prompt: string; width: number; columns: number; row: number },
): Drawn {
  const end = width + text.length;
  const place = width + at;
  const [endRow, placeRow] = [Math.floor(end / columns), Math.floor(place / columns)];
  // At the very edge a terminal waits with the next row until something is written there.
  const edge = end % columns === 0 ? '\r\n' : '';
  const data = [
    `${up(row)}\r\u001b[J${prompt}${text}${edge}`,
    `${up(endRow - placeRow)}\r${right(place % columns)}`,
  ];
  return { data: data.join(''), row: placeRow };
}

/** To the row after a line that was drawn, whose cursor is in `row`. */
export function leaveLine(text: string, at: { width: number; columns: number; row: number }): string {
  const last = Math.floor((at.width + text.length) / at.columns);
  return `${down(last - at.row)}\r\n`;
}

const up = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');
const down = (rows: number): string => (rows > 0 ? `\u001b[${rows}B` : '');
const right = (columns: number): string => (columns > 0 ? `\u001b[${columns}C` : '');
