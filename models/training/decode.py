"""From network outputs to a tip, in numpy: what the engine's postprocess stage does, in short.

Used to calibrate and to evaluate. The figures that count for the product come from the engine
itself (`echoline eval`); these are the same rules without tracking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from network import GRID, STRIDE

NOMINAL_SPACING_MM = 40.0 / 256  # where the spacing is unknown: a frame 40 mm high


@dataclass
class Finding:
    present: float          # calibrated probability that a needle is there
    in_plane: float
    heat: float             # of the best candidate
    tip: np.ndarray         # input pixels of the best candidate
    sigma: float            # sqrt(sigma along * across), input pixels
    line: tuple[float, float, float] | None  # point x, y (input pixels) and angle (rad)
    length_mm: float        # of the shaft's run of cells
    off_line_mm: float      # of the tip; inf without a line

    @property
    def score(self) -> float:
        return float(np.sqrt(self.heat * self.present))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))


def decode(outputs: tuple[np.ndarray, ...], thresholds: dict, temperature: float,
           spacing: np.ndarray) -> Finding:
    """`outputs` of one frame without the batch axis: structures, tip, shaft, frame."""
    _, tip, shaft, frame = outputs
    spacing = np.where(np.isfinite(spacing), spacing, NOMINAL_SPACING_MM)
    line, length = fit_line(shaft, thresholds["shaft"], spacing)
    heat = sigmoid(tip[0])
    best = None
    for y, x in peaks(heat, 3):
        point = (np.array([x, y]) + np.clip(tip[1:3, y, x], -2, 2) + 0.5) * STRIDE - 0.5
        off = distance_to_line(point, line, spacing) if line else np.inf
        # The first candidate on the line wins; without one, the hottest.
        rank = (off <= thresholds["tipOffShaftMm"], heat[y, x])
        if best is None or rank > best[0]:
            sigma = STRIDE * float(np.exp(0.5 * np.clip(tip[3:5, y, x], -4, 3).sum()))
            best = (rank, float(heat[y, x]), point, sigma, off)
    _, hottest, point, sigma, off = best
    return Finding(present=float(sigmoid(frame[0] / temperature)), in_plane=float(sigmoid(frame[1])),
                   heat=hottest, tip=point, sigma=sigma, line=line, length_mm=length, off_line_mm=off)


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


def fit_line(shaft: np.ndarray, threshold: float, spacing: np.ndarray
             ) -> tuple[tuple[float, float, float] | None, float]:
    """Line through the shaft's cells by weighted total least squares with robust re-weighting.
    Each cell votes with its foot on the axis; the length is the run of cells near the line."""
    weight = sigmoid(shaft[0])
    ys, xs = np.nonzero(weight > threshold)
    if len(xs) < 4:
        return None, 0.0
    w = weight[ys, xs]
    angle = 0.5 * np.arctan2(shaft[2, ys, xs], shaft[1, ys, xs]) % np.pi
    offset = shaft[3, ys, xs]
    cells = np.stack([xs - offset * np.sin(angle), ys + offset * np.cos(angle)], 1)
    # Start from the direction that the cells name themselves and the mode of their offsets.
    direction = 0.5 * np.arctan2((w * np.sin(2 * angle)).sum(), (w * np.cos(2 * angle)).sum())
    normal = np.array([-np.sin(direction), np.cos(direction)])
    position = cells @ normal
    support = [(w * (np.abs(position - p) < 1.0)).sum() for p in position]
    centre = position[int(np.argmax(support))]
    v = w * np.exp(-0.5 * ((position - centre) / 1.5) ** 2)
    for _ in range(4):
        mean = (cells * v[:, None]).sum(0) / v.sum()
        spread = ((cells - mean) * v[:, None]).T @ (cells - mean)
        _, vectors = np.linalg.eigh(spread)
        axis = vectors[:, 1]
        normal = np.array([-axis[1], axis[0]])
        across = (cells - mean) @ normal
        v = w * np.exp(-0.5 * (across / 0.7) ** 2)
    inliers = np.abs(across) < 1.2
    if inliers.sum() < 4:
        return None, 0.0
    run = np.sort((cells - mean)[inliers] @ axis)
    reach = run[-1] - run[0]
    mm = np.hypot(axis[0] * spacing[0], axis[1] * spacing[1]) * STRIDE
    point = (mean + 0.5) * STRIDE - 0.5
    return (float(point[0]), float(point[1]), float(np.arctan2(axis[1], axis[0]))), float(reach * mm)


def distance_to_line(point: np.ndarray, line: tuple[float, float, float], spacing: np.ndarray) -> float:
    x, y, angle = line
    d = (point - np.array([x, y])) * spacing
    axis = np.array([np.cos(angle) * spacing[0], np.sin(angle) * spacing[1]])
    axis /= np.hypot(*axis)
    return float(abs(d[0] * axis[1] - d[1] * axis[0]))
