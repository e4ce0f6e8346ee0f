"""Checks that `decode.py` finds what the engine finds, on `decode_cases.json`.

    python decode_test.py

The same cases run through the engine's own code in `tests/pipeline/postprocess/decode-cases.test.ts`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from decode import decode, is_visible
from echo_border import rectangle, sides
from network import GRID


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def draw(case: dict) -> tuple[None, np.ndarray, np.ndarray, np.ndarray]:
    """As `tests/support/synthetic-heads.ts`."""
    tip = np.zeros((5, GRID, GRID), np.float32)
    tip[0], tip[3:] = -6, -0.7
    shaft = np.zeros((4, GRID, GRID), np.float32)
    shaft[0] = -6
    frame = np.array([logit(0.02), logit(0.95), logit(0.9), logit(0.02), 0], np.float32)
    y, x = np.mgrid[:GRID, :GRID]
    spots = list(case["peaks"])
    for needle in case["needles"]:
        (x0, y0), (x1, y1) = needle["from"], needle["to"]
        length = np.hypot(x1 - x0, y1 - y0)
        angle = np.arctan2(y1 - y0, x1 - x0) % np.pi
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
        offset = -(x - x0) * np.sin(angle) + (y - y0) * np.cos(angle)
        cells = (along >= 0) & (along <= length) & (np.abs(offset) <= 0.75)
        for channel, value in enumerate((4, np.cos(2 * angle), np.sin(2 * angle), -offset)):
            shaft[channel][cells] = value if np.isscalar(value) else value[cells]
        if needle["heat"] > 0:
            spots.insert(0, [x1, y1, needle["heat"]])
        frame[:2] = logit(0.98), logit(0.95)
    for px, py, heat in spots:
        column, row = int(np.floor(px + 0.5)), int(np.floor(py + 0.5))
        tip[:3, row, column] = logit(heat), px - column, py - row
    return None, tip, shaft, frame


def main() -> None:
    data = json.loads((Path(__file__).parent / "decode_cases.json").read_text())
    thresholds = data["thresholds"]
    for case in data["cases"]:
        border = sides(rectangle(*case["region"]))
        if "outline" in case:
            border = np.concatenate([border, sides(np.array(case["outline"]))])
        found = decode(draw(case), thresholds, 1.0, np.array(case["spacing"]), border)
        assert is_visible(found, thresholds) == case["isShown"], (case["name"], found)
        apart = np.hypot(*(found.tip - np.array(case["tip"])))
        assert apart < 1e-3, (case["name"], found.tip, case["tip"])
    print(f"{len(data['cases'])} cases agree")


if __name__ == "__main__":
    main()
