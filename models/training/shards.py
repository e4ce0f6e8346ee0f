"""Reads training shards (`echoline-shards/1`, written by `echoline phantom --shards DIR`).

A record is the tensor that the pipeline's own preprocess stage makes, with its labels on the
network's grid. Groups with the top bit set are validation groups: a scene family or a group of
near-duplicate photographs is never on both sides.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from decode import NOMINAL_SPACING_MM
from losses import Batch
from network import GRID, STRIDE

FORMAT = "echoline-shards/1"
VALIDATION_BIT = 1 << 31
PHANTOM, COMPOSITE, REAL, OTHER = 0, 1, 2, 3
SOURCE_NAMES = ("phantom", "composite", "real-needle-free", "other-negative")
# How often a source is drawn, and what a frame of it weighs in the needle losses. Real needle-free
# frames weigh most: fascia and vessel walls that look like needles are the main failure.
SOURCE_SHARE = {PHANTOM: 0.33, COMPOSITE: 0.38, REAL: 0.22, OTHER: 0.07}
# Share of visible tips among the phantom and composite frames drawn: a third of the phantom's records
# and 0.45 of the composites show one. Of those, FLAT_SHARE lie within FLAT_DEG of the horizontal. Of
# the others, HIDDEN_SHARE are needles whose tip cannot be seen (0.48 of the phantom's, 0.65 of the
# composites'). Both are about what the records hold.
TIP_SHARE = 0.5
FLAT_SHARE, FLAT_DEG = 0.35, 12.0
HIDDEN_SHARE = 0.6
REACH_MM, REACH_LEVEL = 2.0, 100  # of the shaft mask, 0 to 255
FREE, HIDDEN, STEEP_TIP, FLAT_TIP = 0, 1, 2, 3
SOURCE_WEIGHT = {PHANTOM: 1.0, COMPOSITE: 1.0, REAL: 2.0, OTHER: 1.0}

RECORD = np.dtype([
    ("input", "u1", (3, 256, 256)), ("labels", "u1", (64, 64)), ("shaftMask", "u1", (64, 64)),
    ("tip", "<f4", (2,)), ("shaft", "<f4", (4,)), ("spacing", "<f4", (2,)),
    ("imageQuality", "<f4"), ("probeShift", "<f4"), ("contact", "<f4"),
    ("needlePresent", "u1"), ("tipVisible", "u1"), ("approach", "u1"), ("source", "u1"),
    ("hasHistory", "u1"), ("group", "<u4"), ("reserved", "u1", (3,)),
])


class Shards:
    """All records of one or more shard directories; `rescan()` picks up files that have been
    finished since. Records stay on disk and are mapped into memory."""

    def __init__(self, directories: list[Path], fold: int | None = None) -> None:
        """`fold`: for cross-validation on the set with nerve and vessel labels (see `Folds`)."""
        self.directories = directories
        self.folds = None if fold is None else Folds(directories, fold)
        self.files: list[np.memmap] = []
        self.rescan()

    def rescan(self) -> None:
        files = []
        for directory in self.directories:
            index = directory / "shards.json"
            if not index.exists():
                continue
            listing = json.loads(index.read_text())
            if listing["format"] != FORMAT or listing["recordBytes"] != RECORD.itemsize:
                raise ValueError(f"{index}: expected {FORMAT} with {RECORD.itemsize}-byte records, "
                                 f"found {listing['format']} with {listing['recordBytes']}")
            files += [np.memmap(directory / f["file"], RECORD, "r", shape=(f["records"],))
                      for f in listing["files"] if f["records"]]
        self.files = files
        self._pools: dict[tuple[int, int], list[np.ndarray]] | None = None
        if not files:
            self.where = np.zeros((0, 2), np.int64)
            self.group = self.source = np.zeros(0, np.int64)
            self.kind = np.zeros(0, np.int64)
            return
        self.where = np.concatenate([
            np.stack([np.full(len(f), i), np.arange(len(f))], 1) for i, f in enumerate(files)])
        self.group = np.concatenate([np.asarray(f["group"]) for f in files]).astype(np.int64)
        self.source = np.concatenate([np.asarray(f["source"]) for f in files]).astype(np.int64)
        self.kind = np.concatenate([kind_of(f) for f in files])

    @property
    def is_validation(self) -> np.ndarray:
        if self.folds is not None:
            return self.folds.is_left_out(self.group)
        return (self.group & VALIDATION_BIT) != 0

    @property
    def is_training(self) -> np.ndarray:
        if self.folds is not None:
            return self.folds.is_trained_on(self.group, self.source)
        return ~self.is_validation

    def read(self, indices: np.ndarray) -> np.ndarray:
        records = np.empty(len(indices), RECORD)
        for k, (file, row) in enumerate(self.where[indices]):
            records[k] = self.files[file][row]
        return records

    def draw(self, random: np.random.Generator, count: int) -> np.ndarray:
        """Indices of `count` training records: source by share, then what is to be seen, then group,
        then record, so that a photograph used often does not outvote the others."""
        if self._pools is None:
            self._pools = self._make_pools()
        sources = sorted({source for source, _ in self._pools})
        share = np.array([SOURCE_SHARE[s] for s in sources])
        picked = []
        for c in random.choice(len(sources), count, p=share / share.sum()):
            kind = draw_kind(random)
            groups = self._pools.get((sources[c], kind)) or self._pools[(sources[c], FREE)]
            group = groups[random.integers(len(groups))]
            picked.append(group[random.integers(len(group))])
        return np.array(picked)

    def _make_pools(self) -> dict[tuple[int, int], list[np.ndarray]]:
        pools = {}
        train = self.is_training
        for source in SOURCE_SHARE:
            for kind in (FREE, HIDDEN, STEEP_TIP, FLAT_TIP):
                rows = np.flatnonzero(train & (self.source == source) & (self.kind == kind))
                if len(rows) == 0:
                    continue
                order = rows[np.argsort(self.group[rows], kind="stable")]
                cuts = np.flatnonzero(np.diff(self.group[order])) + 1
                # Groups differ in size: large ones are cut, so that a record's chance stays within
                # a factor of eight of any other's.
                pools[source, kind] = [
                    part for group in np.split(order, cuts)
                    for part in np.array_split(group, max(1, len(group) // 8))]
        return pools


class Folds:
    """Five folds of usgra-seg by group. The first holds the groups that the shipped weights never
    saw. A fold is trained on the phantom and on the photographs of the other four, alone or as
    backgrounds: no other photograph, so that five trainings are short."""

    SET, COUNT = "usgra-seg", 5

    def __init__(self, directories: list[Path], fold: int) -> None:
        self.directories, self.fold = directories, fold

    def is_of_set(self, group: np.ndarray) -> np.ndarray:
        return set_names(self.directories, group) == self.SET

    def is_left_out(self, group: np.ndarray) -> np.ndarray:
        others = np.unique(group[self.is_of_set(group) & ((group & VALIDATION_BIT) == 0)])
        fold_of = {int(g): 1 + k % (self.COUNT - 1) for k, g in enumerate(others)}
        return self.is_of_set(group) & np.array([fold_of.get(int(g), 0) == self.fold for g in group])

    def is_trained_on(self, group: np.ndarray, source: np.ndarray) -> np.ndarray:
        return (self.is_of_set(group) & ~self.is_left_out(group)) | (source == PHANTOM)


def set_names(directories: list[Path], group: np.ndarray) -> np.ndarray:
    """The set that each group's photograph is of."""
    names = json.loads((directories[0] / "shards.json").read_text())["sets"]
    return np.array(names)[(group >> 26) & 31]


def kind_of(records: np.ndarray) -> np.ndarray:
    """What is to be seen in each record: no needle, one whose tip is hidden or only a dot, a tip, or
    the tip of a needle that lies flat on the network's input."""
    shaft = np.nan_to_num(np.asarray(records["shaft"]))
    rise = np.abs(shaft[:, 3] - shaft[:, 1])
    run = np.abs(shaft[:, 2] - shaft[:, 0])
    is_flat = rise < np.tan(np.radians(FLAT_DEG)) * run
    tip = np.where(is_flat, FLAT_TIP, STEEP_TIP)
    no_tip = np.where(np.asarray(records["needlePresent"]) == 1, HIDDEN, FREE)
    return np.where(np.asarray(records["tipVisible"]) == 1, tip, no_tip)


def draw_kind(random: np.random.Generator) -> int:
    if random.random() < TIP_SHARE:
        return FLAT_TIP if random.random() < FLAT_SHARE else STEEP_TIP
    return HIDDEN if random.random() < HIDDEN_SHARE else FREE


def is_reached(records: np.ndarray) -> np.ndarray:
    """Whether the visible shaft comes within REACH_MM of an in-plane tip that is too faint to be called
    visible. Such an end looks like a tip and is one, as near as anybody measures: it is taught as one."""
    axis = (np.arange(GRID, dtype=np.float32) + 0.5) * STRIDE - 0.5
    spacing = np.where(np.isfinite(records["spacing"]), records["spacing"], NOMINAL_SPACING_MM)
    tip = np.nan_to_num(records["tip"], nan=-1e6)
    dx = (axis[None] - tip[:, :1]) * spacing[:, :1]
    dy = (axis[None] - tip[:, 1:]) * spacing[:, 1:]
    near = dx[:, None, :] ** 2 + dy[:, :, None] ** 2 < REACH_MM**2
    return (near & (records["shaftMask"] > REACH_LEVEL)).any(axis=(1, 2))


def to_batch(records: np.ndarray) -> Batch:
    def f32(name: str) -> torch.Tensor:
        return torch.from_numpy(records[name].astype(np.float32))

    visible = ((records["tipVisible"] == 1) | is_reached(records)) & (records["approach"] == 1)
    weight = np.array([SOURCE_WEIGHT[int(s)] for s in records["source"]], np.float32)
    return Batch(
        input=f32("input"), labels=torch.from_numpy(records["labels"].copy()),
        shaft_mask=f32("shaftMask") / 255, tip=f32("tip"), shaft=f32("shaft"),
        quality=f32("imageQuality"), shift=f32("probeShift"), contact=f32("contact"),
        present=f32("needlePresent"), visible=torch.from_numpy(visible.astype(np.float32)),
        history=f32("hasHistory"), weight=torch.from_numpy(weight))
