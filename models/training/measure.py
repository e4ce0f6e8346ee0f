"""Runs an exported network over records and keeps what calibration and evaluation need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from decode import NOMINAL_SPACING_MM, Finding, decode, sigmoid
from echo_border import border_of
from export import OUTPUTS, session
from losses import NEITHER_NERVE_NOR_VESSEL, UNKNOWN, VESSEL
from network import CLASSES
from shards import Shards, set_names

VESSEL_NAMES = ("artery", "vein")
CHUNK = 64
NEUTRAL = 128


@dataclass
class Measured:
    """One entry per record."""

    findings: list[Finding]
    present_logit: np.ndarray
    present: np.ndarray       # bool
    visible: np.ndarray       # bool: an in-plane tip that can be seen
    approach: np.ndarray      # 0 none, 1 in-plane, 2 out-of-plane
    error_px: np.ndarray      # of the best candidate; NaN without a true tip
    error_mm: np.ndarray
    sigma_px: np.ndarray
    angle_error: np.ndarray   # degrees; NaN without line or truth
    set_name: np.ndarray
    history: np.ndarray
    quality: np.ndarray       # predicted, true
    quality_true: np.ndarray
    overlap: dict[str, np.ndarray]  # per structure: [records, 3] = intersection, predicted, true; NaN


def infer(model: Path, shards: Shards, rows: np.ndarray, stills: bool = False) -> list[tuple[np.ndarray, ...]]:
    """The network's outputs for each record, the structures as the winning class of each cell.
    Kept in half precision: a few hundred megabytes for a few thousand records. With `stills` the
    motion channels are taken away, as for unrelated pictures."""
    engine = session(model, threads=2)
    kept = []
    for start in range(0, len(rows), CHUNK):
        for record in shards.read(rows[start:start + CHUNK]):
            if stills:
                record["input"][1:] = NEUTRAL
            classes, tip, shaft, frame = engine.run(OUTPUTS, {"frames": record["input"][None]})
            kept.append((classes[0].argmax(0).astype(np.uint8), tip[0].astype(np.float16),
                         shaft[0].astype(np.float16), frame[0]))
    return kept


def measure(inferred: list[tuple[np.ndarray, ...]], shards: Shards, rows: np.ndarray,
            thresholds: dict, temperature: float) -> Measured:
    found, table = [], {name: [] for name in (
        "logit", "present", "visible", "approach", "px", "mm", "sigma", "angle", "history", "q", "qt")}
    overlap: dict[str, list] = {name: [] for name in (*CLASSES[1:], "vessel")}
    for start in range(0, len(rows), CHUNK):
        for k, record in enumerate(shards.read(rows[start:start + CHUNK]), start):
            classes, *heads = inferred[k]
            outputs = (classes, *(h.astype(np.float32) for h in heads))
            border = border_of(record["input"][0])
            one = decode(outputs, thresholds, temperature, record["spacing"], border)
            found.append(one)
            spacing = np.where(np.isfinite(record["spacing"]), record["spacing"], NOMINAL_SPACING_MM)
            off = one.tip - record["tip"]
            table["logit"].append(outputs[3][0])
            table["present"].append(record["needlePresent"] == 1)
            table["visible"].append(record["tipVisible"] == 1 and record["approach"] == 1)
            table["approach"].append(int(record["approach"]))
            table["px"].append(float(np.hypot(*off)))
            table["mm"].append(float(np.hypot(*(off * spacing))))
            table["sigma"].append(one.sigma)
            table["angle"].append(angle_error(one, record["shaft"]))
            table["history"].append(record["hasHistory"] == 1)
            table["q"].append(float(sigmoid(outputs[3][2])))
            table["qt"].append(float(record["imageQuality"]))
            for name, values in structure_overlap(classes, record["labels"]).items():
                overlap[name].append(values)
    t = {name: np.array(values) for name, values in table.items()}
    return Measured(found, t["logit"], t["present"], t["visible"], t["approach"], t["px"], t["mm"],
                    t["sigma"], t["angle"], set_names(shards.directories, shards.group[rows]), t["history"],
                    t["q"], t["qt"], {name: np.array(v) for name, v in overlap.items()})


def angle_error(found: Finding, shaft: np.ndarray) -> float:
    if found.line is None or not np.isfinite(shaft).all():
        return np.nan
    true = np.arctan2(shaft[3] - shaft[1], shaft[2] - shaft[0])
    difference = (found.line[2] - true + np.pi / 2) % np.pi - np.pi / 2
    return float(abs(np.degrees(difference)))


def structure_overlap(guess: np.ndarray, labels: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Cells of each structure, among the cells whose label says enough about it."""
    is_vessel = np.isin(guess, [CLASSES.index(n) for n in VESSEL_NAMES])
    full = labels < len(CLASSES)
    result = {}
    for index, name in enumerate(CLASSES):
        if index == 0:
            continue
        known = full | ((labels == NEITHER_NERVE_NOR_VESSEL) if name in ("nerve", *VESSEL_NAMES) else False)
        if name == "nerve":
            known = known | (labels == VESSEL)
        result[name] = counts((guess == index) & known, (labels == index) & known, known)
    known = labels != UNKNOWN
    true = np.isin(labels, [CLASSES.index(n) for n in VESSEL_NAMES]) | (labels == VESSEL)
    result["vessel"] = counts(is_vessel & known, true & known, known)
    return result


def counts(guess: np.ndarray, true: np.ndarray, known: np.ndarray) -> tuple[float, float, float]:
    if not known.any():
        return np.nan, np.nan, np.nan
    return float((guess & true).sum()), float(guess.sum()), float(true.sum())
