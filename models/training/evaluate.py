"""Figures of a calibrated run, set by set; writes runs/NAME/metrics.json.

    python evaluate.py --run runs/NAME --shards DIR [DIR ...] --heldout DIR

Phantom, composites and photographs are never averaged together. Misses are counted: recall is over
all frames with a visible tip, and error quantiles say over how many frames they are.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from decode import is_visible
from export import CALIBRATION, THRESHOLDS
from measure import Measured, infer, measure
from network import CLASSES
from shards import COMPOSITE, OTHER, PHANTOM, REAL, Shards


def rounded(value: float) -> float | None:
    return None if not np.isfinite(value) else round(float(value), 4)


def needle_figures(m: Measured, where: np.ndarray, thresholds: dict, radius_per_sigma: float) -> dict:
    shown = np.array([is_visible(f, thresholds) for f in m.findings])
    tips = where & m.visible
    free = where & ~m.present
    hidden = where & m.present & ~m.visible & (m.approach == 1)
    dots = where & m.present & (m.approach == 2)
    result: dict = {"frames": int(where.sum())}
    if tips.any():
        matched = tips & shown & (m.error_mm <= 5)
        near = m.error_px[matched] <= radius_per_sigma * m.sigma_px[matched]
        result |= {
            "visibleTipFrames": int(tips.sum()),
            "recallAt2mm": rounded((shown & (m.error_mm <= 2))[tips].mean()),
            "recallAt5px": rounded((shown & (m.error_px <= 5))[tips].mean()),
            "misses": int((tips & ~shown).sum()),
            "wrongByMoreThan5mm": int((tips & shown & (m.error_mm > 5)).sum()),
            "matched": int(matched.sum()),
            "errorMmMedianOfMatched": rounded(np.median(m.error_mm[matched])) if matched.any() else None,
            "errorMmP95OfMatched": rounded(np.quantile(m.error_mm[matched], 0.95)) if matched.any() else None,
            "coverageOfRadius90": rounded(near.mean()) if matched.any() else None,
        }
        angle = m.angle_error[tips]
        result["angleFrames"] = int(np.isfinite(angle).sum())
        if result["angleFrames"]:
            result |= {"angleDegMedian": rounded(np.nanmedian(angle)),
                       "angleDegP95": rounded(np.nanquantile(angle, 0.95))}
    if free.any():
        result |= {"needleFreeFrames": int(free.sum()), "falseTipRate": rounded(shown[free].mean()),
                   "falsePresentRate": rounded(np.mean([f.present >= thresholds["needlePresent"]
                                                        for f, k in zip(m.findings, free) if k]))}
    if hidden.any():
        result |= {"hiddenTipFrames": int(hidden.sum()),
                   "hiddenTipShownFarOff": rounded((shown & (m.error_mm > 3))[hidden].mean())}
    if dots.any():
        result |= {"outOfPlaneFrames": int(dots.sum()), "outOfPlaneShownAsTip": rounded(shown[dots].mean())}
    return result


def structure_figures(m: Measured, where: np.ndarray) -> dict:
    """Dice per structure: over all cells of the set, and the mean over frames that have it."""
    result = {}
    for name in (*CLASSES[1:], "vessel"):
        c = m.overlap[name][where]
        c = c[np.isfinite(c).all(1)]
        if len(c) == 0 or c[:, 2].sum() == 0:
            continue
        has = c[:, 2] > 0
        each = 2 * c[has, 0] / np.maximum(1, c[has, 1] + c[has, 2])
        result[name] = {"frames": int(has.sum()),
                        "dicePooled": rounded(2 * c[:, 0].sum() / max(1, c[:, 1].sum() + c[:, 2].sum())),
                        "diceMeanPerFrame": rounded(each.mean()),
                        "foundInFrames": rounded((each > 0.3).mean())}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--heldout", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=4000)
    options = parser.parse_args()
    calibrated = json.loads((options.run / "calibration.json").read_text())
    thresholds = THRESHOLDS | calibrated["thresholds"]
    calibration = CALIBRATION | calibrated["calibration"]
    model = options.run / "averaged.onnx"

    def take(shards: Shards, rows: np.ndarray, stills: bool = False) -> Measured:
        return measure(infer(model, shards, rows, stills), shards, rows, thresholds, calibration["needlePresentTemperature"])

    def figures(m: Measured, where: np.ndarray) -> dict:
        return {"needle": needle_figures(m, where, thresholds, calibration["radius90PerSigma"]),
                "structures": structure_figures(m, where)}

    heldout = Shards([options.heldout])
    m = take(heldout, np.arange(len(heldout.where)))
    every = np.ones(len(m.present), bool)
    clear = m.quality_true >= 0.5
    metrics = {"heldoutPhantom": figures(m, every), "heldoutPhantomClear": figures(m, clear),
               "heldoutPhantomDegraded": figures(m, ~clear)}
    m = take(heldout, np.arange(len(heldout.where)), stills=True)
    metrics["heldoutPhantomAsStills"] = figures(m, every)
    shards = Shards(options.shards)
    rows = np.random.default_rng(12).permutation(np.flatnonzero(shards.is_validation))[:options.limit]
    m = take(shards, rows)
    source = shards.source[rows]
    for name, code in (("validationPhantom", PHANTOM), ("validationComposite", COMPOSITE),
                       ("validationRealNeedleFree", REAL), ("validationOtherNegative", OTHER)):
        if (source == code).any():
            metrics[name] = figures(m, source == code)
    for name in sorted(set(m.set_name[source == REAL])):
        metrics[f"real:{name}"] = figures(m, (source == REAL) & (m.set_name == name))
    (options.run / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics, indent=1))


if __name__ == "__main__":
    main()
