"""Five-fold cross-validation of nerve and vessel on usgra-seg; writes crossvalidation.json beside the runs.

    for k in 0 1 2 3 4; do python train_gpu.py --shards DIR [DIR ...] --run runs/fold-$k --fold $k --teacher 0 --minutes 3; done
    python crossvalidate.py --shards DIR [DIR ...] --runs runs/fold-0 ... runs/fold-4

(or `train.py --minutes 7`). Every fold starts from random weights: those of `../guidenet/` have seen four of the five. Figures are of
undisturbed stills on the network's own grid of cells; `echoline eval --suite usgra` is the engine's own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from export import OUTPUTS, export_onnx, load_average, session
from losses import NERVE, UNKNOWN, VESSEL
from measure import NEUTRAL, VESSEL_NAMES
from network import CLASSES
from shards import REAL, Folds, Shards

VESSELS = [CLASSES.index(name) for name in VESSEL_NAMES]
# Regions smaller than this are no instances: about 25 pixels of a photograph.
INSTANCE_CELLS_MIN = 2
FOUND_IOU = 0.1


def regions(mask: np.ndarray) -> list[np.ndarray]:
    """Connected regions (4 neighbours) as masks."""
    left, found = mask.copy(), []
    while left.any():
        region = np.zeros_like(mask)
        region[tuple(np.argwhere(left)[0])] = True
        while True:
            grown = region.copy()
            grown[1:] |= region[:-1]
            grown[:-1] |= region[1:]
            grown[:, 1:] |= region[:, :-1]
            grown[:, :-1] |= region[:, 1:]
            grown &= mask
            if (grown == region).all():
                break
            region = grown
        left &= ~region
        found.append(region)
    return found


def count(guess: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Cells in both, guessed, true; instances, and those that no guessed region meets."""
    instances = [r for r in regions(true) if r.sum() >= INSTANCE_CELLS_MIN]
    guesses = regions(guess)
    missed = sum(all((r & g).sum() < FOUND_IOU * (r | g).sum() for g in guesses) for r in instances)
    return np.array([(guess & true).sum(), guess.sum(), true.sum(), len(instances), missed], float)


def measure_fold(run: Path, directories: list[Path], fold: int) -> dict[str, np.ndarray]:
    """Counts of each structure, summed by group of near-duplicates."""
    model = run / "averaged.onnx"
    export_onnx(load_average(run)[0], model)
    engine = session(model, threads=2)
    shards = Shards(directories, fold)
    rows = np.flatnonzero(shards.is_validation & (shards.source == REAL))
    groups, where = np.unique(shards.group[rows], return_inverse=True)
    sums = {name: np.zeros((len(groups), 5)) for name in ("nerve", "vessel")}
    for group, row in zip(where, rows):
        record = shards.read(np.array([row]))[0]
        record["input"][1:] = NEUTRAL
        best = engine.run(OUTPUTS, {"frames": record["input"][None]})[0][0].argmax(0)
        labels = record["labels"]
        known = labels != UNKNOWN
        is_vessel = np.isin(labels, [*VESSELS, VESSEL])
        sums["nerve"][group] += count((best == NERVE) & known, labels == NERVE)
        sums["vessel"][group] += count(np.isin(best, VESSELS) & known, is_vessel)
    return sums


def figures(counts: np.ndarray) -> dict[str, float]:
    both, guess, true, instances, missed = counts.sum(0)
    return {"dice": round(2 * both / max(1.0, guess + true), 4),
            "missed": round(missed / max(1.0, instances), 4), "instances": int(instances)}


def interval(counts: np.ndarray, name: str) -> list[float]:
    """95 %, percentile bootstrap over groups."""
    random = np.random.default_rng(1)
    draws = [figures(counts[random.integers(len(counts), size=len(counts))])[name] for _ in range(1000)]
    return [round(float(v), 4) for v in np.quantile(draws, [0.025, 0.975])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", nargs=Folds.COUNT, type=Path, required=True, help="in the order of the folds")
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    options = parser.parse_args()
    folds = [measure_fold(run, options.shards, k) for k, run in enumerate(options.runs)]
    result = {}
    for name in folds[0]:
        every = np.concatenate([fold[name] for fold in folds])
        result[name] = figures(every) | {
            "groups": len(every), "diceInterval": interval(every, "dice"),
            "missedInterval": interval(every, "missed"),
            "folds": [figures(fold[name]) for fold in folds]}
    (options.runs[0].parent / "crossvalidation.json").write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
