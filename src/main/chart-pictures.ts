import { svgOf } from '../domain/chart.ts';
import { drawChart } from '../domain/draw-chart.ts';
import { toFault } from '../domain/fault.ts';
import type { DrawPicture } from '../domain/ports/chat-platform.ts';
import type { Logger } from '../domain/ports/runtime.ts';

/** Draws charts as PNG, with the machine's own fonts; undefined where the library cannot be loaded. */
export async function chartPictures(logger: Logger): Promise<DrawPicture | undefined> {
  try {
    const { Resvg } = await import('@resvg/resvg-js');
    return (chart, width) => {
      const font = { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' };
      return new Resvg(svgOf(drawChart(chart)), { font, fitTo: { mode: 'width', value: width } })
        .render()
        .asPng();
    };
  } catch (error) {
    logger.warn({ error: toFault(error).message }, 'charts are not shown as pictures');
    return undefined;
  }
}
