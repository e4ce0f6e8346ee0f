"""The border of the region with echo data, in numpy: what `echo-border.ts` and the outline of
`region-of-interest.ts` are in the engine. A border is an array [n, 3] of the sides of a convex polygon in
cells: outward normal x, y and offset; inside is where normal . point <= offset.
"""

from __future__ import annotations

import numpy as np

from network import GRID, STRIDE

SYMMETRY_SHARE, SECTOR_SHARE = 0.06, 0.92  # names and reasons as in region-of-interest.ts
WHOLE = (-0.5, -0.5, GRID - 0.5, GRID - 0.5)  # left, top, right, bottom


def rectangle(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def border_of(intensity: np.ndarray) -> np.ndarray:
    """The region with echo data, as the sides of a convex polygon in cells: where the letterboxed
    input is not empty, cut to its outline where that is a sector. The engine's rule of what a sector
    is: `outlineOf` in region-of-interest.ts."""
    rows = np.flatnonzero(intensity.any(1))
    if len(rows) == 0:
        return sides(rectangle(*WHOLE))
    first = np.argmax(intensity[rows] > 0, 1)
    last = intensity.shape[1] - 1 - np.argmax(intensity[rows, ::-1] > 0, 1)
    left, right, top, bottom = first.min() - 0.5, last.max() + 0.5, rows[0] - 0.5, rows[-1] + 0.5
    corners = rectangle(*((np.array([left, top, right, bottom]) + 0.5) / STRIDE - 0.5))
    margins = np.abs((first - left) - (right - last)).mean()
    if margins > SYMMETRY_SHARE * (right - left):
        return sides(corners)
    ends = np.concatenate([np.stack([x, rows + dy], 1) for x in (first - 0.5, last + 0.5)
                           for dy in (-0.5, 0.5)])
    hull = convex_hull((ends + 0.5) / STRIDE - 0.5)
    is_sector = area(hull) < SECTOR_SHARE * area(corners)
    return np.concatenate([sides(corners), sides(hull)]) if is_sector else sides(corners)


def sides(polygon: np.ndarray) -> np.ndarray:
    """[n, 3]: outward normal x, y and offset of each side; inside is where normal . point <= offset."""
    step = np.roll(polygon, -1, 0) - polygon
    length = np.hypot(*step.T)
    normal = np.stack([step[:, 1], -step[:, 0]], 1)[length > 0] / length[length > 0, None]
    at = polygon[length > 0]
    inward = ((polygon.mean(0) - at) * normal).sum(1) > 0
    normal[inward] *= -1
    return np.concatenate([normal, (normal * at).sum(1, keepdims=True)], 1)


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return float(abs(x @ np.roll(y, -1) - np.roll(x, -1) @ y) / 2)


def convex_hull(points: np.ndarray) -> np.ndarray:
    """Andrew's monotone chain."""
    ordered = [tuple(p) for p in np.unique(points, axis=0)]
    halves = []
    for chain in (ordered, ordered[::-1]):
        half: list[tuple[float, float]] = []
        for x, y in chain:
            while len(half) > 1 and ((half[-1][0] - half[-2][0]) * (y - half[-2][1])
                                     - (half[-1][1] - half[-2][1]) * (x - half[-2][0])) <= 0:
                half.pop()
            half.append((x, y))
        halves += half[:-1]
    return np.array(halves)


def outward(x: float, y: float, dx: float, dy: float, border: np.ndarray) -> float:
    """Distance to the border along a direction, cells; 0 outside."""
    length = np.hypot(dx, dy)
    if not length > 0:
        return 0.0
    room = border[:, 2] - border[:, 0] * x - border[:, 1] * y
    approach = (border[:, 0] * dx + border[:, 1] * dy) / length
    ahead = approach > 1e-9
    return float(max(0.0, (room[ahead] / approach[ahead]).min()))
