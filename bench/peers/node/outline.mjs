// The outer border of a region of cells.

/** Clockwise on the screen, from the east. */
const STEPS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
];

/**
 * Moore's border tracing, and only the corners of it.
 *
 * @param region - cell numbers; the first one is the region's first in reading order
 */
export function traceOutline(region, width, height) {
  const cells = new Set(region);
  const has = (x, y) => x >= 0 && y >= 0 && x < width && y < height && cells.has(y * width + x);
  const start = [region[0] % width, Math.floor(region[0] / width)];
  const border = [start];
  let [x, y] = start;
  let entered = 0;
  // A border passes each cell at most four times.
  for (let guard = 0; guard < 4 * region.length; guard++) {
    // Back by three steps of 45°: the first neighbour that can be outside the part already walked.
    const step = STEPS.findIndex((_, turn) => {
      const [dx, dy] = STEPS[(entered + 5 + turn) % 8];
      return has(x + dx, y + dy);
    });
    if (step < 0) break;
    entered = (entered + 5 + step) % 8;
    x += STEPS[entered][0];
    y += STEPS[entered][1];
    if (x === start[0] && y === start[1]) break;
    border.push([x, y]);
  }
  return border.filter((point, index) => !isStraight(border, index, point));
}

function isStraight(border, index, [x, y]) {
  const [px, py] = border.at(index - 1);
  const [nx, ny] = border[(index + 1) % border.length];
  return (
    (x - px) * (ny - y) === (y - py) * (nx - x) && (x - px) * (nx - x) + (y - py) * (ny - y) > 0
  );
}
