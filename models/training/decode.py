"""From network outputs to a tip, in numpy: what the engine's postprocess stage does, in short.

Used to calibrate and to evaluate. The figures that count for the product come from the engine
itself (`echoline eval`); these are the same rules without tracking: the fit of
`src/kernels/fit-line.ts`, the shaft at a point of `read-shaft.ts`, and what makes a place on it a tip
of `tip-place.ts`, where each rule is explained; the border of the echo data is in `echo_border.py`. `decode_cases.json` holds both languages to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from echo_border import WHOLE, outward, rectangle, sides
from network import GRID, STRIDE

NOMINAL_SPACING_MM = 40.0 / 256  # where the spacing is unknown: a frame 40 mm high

# The rules' constants, in cells; names and reasons as in the TypeScript files named above.
START_SIGMA, SIGMA, INLIER_DISTANCE, GAP_MAX, VOTES_MIN, BINS_PER_CELL = 1.5, 0.7, 1.2, 8, 4, 2
LOCAL_RADIUS, AIM, AIM_PER_CELL, GAP_BEHIND, GAP_AHEAD, END_REACH = 10, 1.5, 0.15, 8, 2, 5
APART_MM, DOUBT_SHARE, CLEAR_ODDS = 3, 0.64, 0.7
AHEAD_MAX, AHEAD_SHARE_MAX, ENTRY_NEAR, TIP_FAR, SOFTENING, ODDS_MAX = 3, 0.4, 2.5, 6, 3, 1.5


@dataclass
class Finding:
    present: float          # calibrated probability that a needle is there
    in_plane: float
    heat: float             # of the best candidate
    tip: np.ndarray         # input pixels of the best candidate
    sigma: float            # sqrt(sigma along * across), input pixels
    line: tuple[float, float, float] | None  # point x, y (input pixels) and angle (rad)
    length_mm: float        # of the visible shaft that leads to the tip
    off_line_mm: float      # of the tip from that shaft; inf where no tip can be
    shaft_mm: float         # of the frame's main line, which needs no tip

    @property
    def score(self) -> float:
        return float(np.sqrt(self.heat * self.present))


@dataclass
class Line:
    """Cells; `start` and `end` of the longest run as positions along the direction from x, y."""

    x: float
    y: float
    dx: float
    dy: float
    start: float
    end: float
    spread: float


@dataclass
class Place:
    """Where a candidate is on the shaft that leads to it, as `TipPlace`."""

    line: Line | None = None         # near the candidate
    far: np.ndarray | None = None    # the other end, cells
    length_mm: float = 0.0
    off_mm: float = np.inf           # from the line; inf where no tip can be
    odds: float = 0.0                # what the border says about this end
    is_entry: bool = False


@dataclass
class Candidate:
    rank: tuple[bool, float]
    heat: float
    point: np.ndarray   # cells
    sigmas: np.ndarray  # along and across the shaft, cells
    place: Place


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def decode(outputs: tuple[np.ndarray, ...], thresholds: dict, temperature: float,
           spacing: np.ndarray, border: np.ndarray | None = None) -> Finding:
    """`outputs` of one frame without the batch axis: structures, tip, shaft, frame. `spacing` in mm
    per input pixel; `border` as from `border_of`, None for the whole input."""
    border = sides(rectangle(*WHOLE)) if border is None else border
    _, tip, shaft, frame = outputs
    cell = STRIDE * np.where(np.isfinite(spacing), spacing, NOMINAL_SPACING_MM)
    votes = cast_votes(shaft, thresholds["shaft"])
    main = fit_line(votes)
    heat = sigmoid(tip[0])
    candidates = []
    for y, x in peaks(heat, 3):
        point = np.array([x, y]) + np.clip(tip[1:3, y, x], -2, 2)
        place = place_at(*point, votes, border, cell)
        h = float(np.clip(heat[y, x], 1e-9, 1 - 1e-9))
        is_tip = (h >= thresholds["tipHeat"] and place.off_mm <= thresholds["tipOffShaftMm"]
                  and place.length_mm >= thresholds["shaftLengthMm"])
        rank = (is_tip, np.log(h / (1 - h)) + place.odds)
        candidates.append(Candidate(rank, h, point, np.exp(np.clip(tip[3:5, y, x], -4, 3)), place))
    best = max(candidates, key=lambda c: c.rank)
    point, off, line = best.point, best.place.off_mm, best.place.line
    if any(c.heat >= thresholds["tipHeat"] and contests(c, best, cell) for c in candidates):
        off = np.inf
    elif best.rank[0]:
        point = drawn_onto(point, line, best.sigmas[1])
    shown = line if line is not None and np.isfinite(off) else main
    return Finding(present=float(sigmoid(frame[0] / temperature)), in_plane=float(sigmoid(frame[1])),
                   heat=best.heat, tip=(point + 0.5) * STRIDE - 0.5,
                   sigma=STRIDE * float(np.sqrt(best.sigmas.prod())),
                   line=None if shown is None else in_pixels(shown),
                   length_mm=best.place.length_mm, off_line_mm=off,
                   shaft_mm=0.0 if main is None else (main.end - main.start) * mm_per_cell(main, cell))


def is_visible(found: Finding, thresholds: dict) -> bool:
    """Whether the product would show this candidate as a visible tip."""
    return (found.present >= thresholds["needlePresent"] and found.heat >= thresholds["tipHeat"]
            and found.score >= thresholds["tipScore"] and found.in_plane >= thresholds["tipInPlane"]
            and found.length_mm >= thresholds["shaftLengthMm"]
            and found.off_line_mm <= thresholds["tipOffShaftMm"])


def peaks(heat: np.ndarray, count: int) -> list[tuple[int, int]]:
    padded = np.pad(heat, 1, constant_values=-1)
    around = np.max([padded[dy:dy + GRID, dx:dx + GRID] for dy in range(3) for dx in range(3)], axis=0)
    ys, xs = np.nonzero(heat >= around)
    order = np.argsort(-heat[ys, xs])[:count]
    return [(int(ys[k]), int(xs[k])) for k in order]


def cast_votes(shaft: np.ndarray, threshold: float) -> np.ndarray:
    """[n, 4]: foot of each shaft cell on its axis (x, y), angle, weight."""
    weight = sigmoid(shaft[0])
    ys, xs = np.nonzero(weight > threshold)
    angle = 0.5 * np.arctan2(shaft[2, ys, xs], shaft[1, ys, xs]) % np.pi
    offset = shaft[3, ys, xs]
    return np.stack([xs - offset * np.sin(angle), ys + offset * np.cos(angle), angle, weight[ys, xs]], 1)


def contests(other: Candidate, best: Candidate, cell: np.ndarray) -> bool:
    """Whether a candidate makes the best one doubtful."""
    if np.hypot(*(other.point - best.point) * cell) <= APART_MM or other.heat <= DOUBT_SHARE * best.heat:
        return False
    if other.place.is_entry:
        return False
    line = best.place.line
    if line is None:
        return True
    dx, dy = other.point - best.point
    along, across = dx * line.dx + dy * line.dy, abs(dy * line.dx - dx * line.dy)
    is_behind = along * float((best.place.far - best.point) @ (line.dx, line.dy)) > 0
    is_on_shaft = across <= AIM + AIM_PER_CELL * abs(along)
    return not (is_behind and is_on_shaft and best.place.odds >= CLEAR_ODDS)


def place_at(x: float, y: float, votes: np.ndarray, border: np.ndarray, cell: np.ndarray) -> Place:
    """A candidate on the shaft that leads to it."""
    to_point = np.array([x, y]) - votes[:, :2]
    apart = np.hypot(*to_point.T)
    axis = np.stack([np.cos(votes[:, 2]), np.sin(votes[:, 2])], 1)
    line = fit_line(votes[is_aimed(to_point, axis, apart) & (apart <= LOCAL_RADIUS)])
    if line is None:
        return Place()
    direction = np.array([line.dx, line.dy])
    mean_axis = axis + np.where(axis @ direction < 0, -1, 1)[:, None] * direction
    votes = votes[is_aimed(to_point, mean_axis, apart)]
    if len(votes) == 0:
        return Place()
    along = (votes[:, 0] - x) * line.dx + (votes[:, 1] - y) * line.dy
    side = (np.sign(along) * votes[:, 3])[np.abs(along) <= LOCAL_RADIUS].sum()
    sign = -1.0 if side < 0 else 1.0
    run = np.sort(sign * along)
    nearest = int(np.argmin(np.abs(run)))
    first, last = nearest, nearest
    while first > 0 and run[first] - run[first - 1] <= GAP_AHEAD:
        first -= 1
    while last < len(run) - 1 and run[last + 1] - run[last] <= GAP_BEHIND:
        last += 1
    behind, ahead = run[last], -run[first]
    short = sign * behind - along
    w = np.where(np.abs(short) <= END_REACH, votes[:, 3], 0.0)
    far_x = (w * (votes[:, 0] + short * line.dx)).sum() / w.sum()
    far_y = (w * (votes[:, 1] + short * line.dy)).sum() / w.sum()
    tip_out = outward(x, y, x - far_x, y - far_y, border)
    far_out = outward(far_x, far_y, far_x - x, far_y - y, border)
    odds = float(np.clip(np.log((tip_out + SOFTENING) / (far_out + SOFTENING)), -ODDS_MAX, ODDS_MAX))
    length = float((behind + max(0.0, ahead)) * mm_per_cell(line, cell))
    is_inside = ahead > AHEAD_MAX and ahead > AHEAD_SHARE_MAX * behind
    is_entry = tip_out < ENTRY_NEAR and far_out > TIP_FAR
    off = np.inf if is_inside or is_entry else distance_to_line(x, y, line, cell)
    return Place(line, np.array([far_x, far_y]), length, off, odds, is_entry)


def is_aimed(to_point: np.ndarray, axis: np.ndarray, apart: np.ndarray) -> np.ndarray:
    passing = np.abs(to_point[:, 0] * axis[:, 1] - to_point[:, 1] * axis[:, 0]) / np.hypot(*axis.T)
    return passing <= AIM + AIM_PER_CELL * apart


def drawn_onto(point: np.ndarray, line: Line, sigma_across: float) -> np.ndarray:
    """Drawn towards the line by how much better it is known across its direction than the peak is."""
    across = (point[1] - line.y) * line.dx - (point[0] - line.x) * line.dy
    share = sigma_across**2 / (sigma_across**2 + line.spread**2)
    return point + share * across * np.array([line.dy, -line.dx])


def fit_line(votes: np.ndarray) -> Line | None:
    """Robust weighted total least squares, as `Kernels.fitLine`."""
    if len(votes) < VOTES_MIN:
        return None
    points, w = votes[:, :2], votes[:, 3]
    # Start from the direction that the votes name themselves and the mode of their offsets.
    angle = 0.5 * np.arctan2((w * np.sin(2 * votes[:, 2])).sum(), (w * np.cos(2 * votes[:, 2])).sum())
    axis = np.array([np.cos(angle), np.sin(angle)])
    position = points[:, 1] * axis[0] - points[:, 0] * axis[1]
    least = position.min()
    bins = np.floor((position - least) * BINS_PER_CELL + 0.5).astype(int)
    support = np.convolve(np.bincount(bins, weights=w), np.ones(5))[2:-2]
    offset = least + int(np.argmax(support)) / BINS_PER_CELL
    mean = np.array([-axis[1], axis[0]]) * offset
    sigma = START_SIGMA
    for _ in range(4):
        off = points - mean
        v = w * np.exp(-0.5 * ((off[:, 1] * axis[0] - off[:, 0] * axis[1]) / sigma) ** 2)
        if not v.sum() > 1e-3:
            return None
        mean = mean + (off * v[:, None]).sum(0) / v.sum()
        off = points - mean
        (xx, xy), (_, yy) = ((off * v[:, None]).T @ off) / v.sum()
        angle = 0.5 * np.arctan2(2 * xy, xx - yy)
        axis = np.array([np.cos(angle), np.sin(angle)])
        sigma = SIGMA
    off = points - mean
    across = off[:, 1] * axis[0] - off[:, 0] * axis[1]
    inliers = np.abs(across) <= INLIER_DISTANCE
    if inliers.sum() < VOTES_MIN:
        return None
    along = np.sort((off @ axis)[inliers])
    run_start, start, end = along[0], along[0], along[0]
    for before, here in zip(along[:-1], along[1:]):
        run_start = here if here - before > GAP_MAX else run_start
        if here - run_start > end - start:
            start, end = run_start, here
    spread = np.sqrt((across[inliers] ** 2).mean())
    return Line(*(float(v) for v in (*mean, *axis, start, end, spread)))


def mm_per_cell(line: Line, cell: np.ndarray) -> float:
    return float(np.hypot(line.dx * cell[0], line.dy * cell[1]))


def in_pixels(line: Line) -> tuple[float, float, float]:
    return ((line.x + 0.5) * STRIDE - 0.5, (line.y + 0.5) * STRIDE - 0.5, float(np.arctan2(line.dy, line.dx)))


def distance_to_line(x: float, y: float, line: Line, cell: np.ndarray) -> float:
    axis = np.array([line.dx, line.dy]) * cell
    d = np.array([x - line.x, y - line.y]) * cell
    return float(abs(d[0] * axis[1] - d[1] * axis[0]) / np.hypot(*axis))
