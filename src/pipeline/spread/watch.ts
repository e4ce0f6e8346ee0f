import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import type { StructureClass } from '../../domain/structure.js';
import { type Before, backgroundOf, type Picture } from './background.js';
import { boxMeans } from './box-means.js';
import type { MeanPicture } from './change-map.js';
import { type Growth, NO_GROWTH } from './growth.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';
import type { SpreadRoom } from './spread-room.js';

/** An outline from before the injection, tensor pixels of that moment. */
export interface EarlierOutline {
  readonly id: number;
  readonly class: StructureClass;
  readonly contour: readonly PointPx[];
}

/** An injection that is watched. */
export interface Watch {
  readonly injection: number;
  /** The picture from before it; null when there is none that can be compared with. */
  readonly before: Before | null;
  /** What was outlined then: vessels, and what the network already took for injectate. */
  readonly earlier: readonly EarlierOutline[];
  /** The shaft then, tensor pixels of that moment; null where it was not seen. */
  readonly shaft: SegmentPx | null;
  /** Where the tissue has gone since, tensor pixels. */
  moved: PointPx;
  readonly room: SpreadRoom;
  growth: Growth;
}

/**
 * Begins to watch an injection, from this frame and the average of the second before it.
 *
 * @param room - the stream's; the picture from before is kept in it
 * @param picture - null where none from before the injection is left
 */
export function startWatch(
  injection: number,
  room: SpreadRoom,
  picture: Picture | null,
  earlier: readonly EarlierOutline[],
  shaft: SegmentPx | null,
): Watch {
  return {
    injection,
    before: picture === null ? null : backgroundOf(picture, room),
    earlier,
    shaft,
    moved: { xPx: 0, yPx: 0 },
    room,
    growth: NO_GROWTH,
  };
}

/** Local means at the cells of a window that the picture shows, in the stream's room. */
export function meansAround(grid: SpreadGrid, picture: Picture, room: SpreadRoom): MeanPicture {
  const { widthPx, heightPx } = picture;
  const xPx = firstInside(grid.xPx);
  const yPx = firstInside(grid.yPx);
  const sidePx = CELL_PX * grid.side;
  const shown = {
    xPx,
    yPx,
    widthPx: Math.min(widthPx, grid.xPx + sidePx) - xPx,
    heightPx: Math.min(heightPx, grid.yPx + sidePx) - yPx,
  };
  boxMeans(picture.intensity, picture, shown, CELL_PX, room);
  return room;
}

/** The first cell that is not before the picture's edge. */
function firstInside(at: number): number {
  return at >= 0 ? at : at + CELL_PX * Math.ceil(-at / CELL_PX);
}
