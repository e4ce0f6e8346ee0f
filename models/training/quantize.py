"""Quantises the exported network to int8 beside it, as a variant that an engine may choose.

    python quantize.py --shards DIR [DIR ...]         (--model ../guidenet; --check for parity only)

Static QDQ, U8S8: activations uint8, weights int8 per output channel, biases int32. The stem's first
convolution, the 1x1 convolutions that give the heads, and the small frame head stay in float, so
that what is decoded to positions and probabilities never passes through 8 bits at its very end.
The ranges of channels are evened out first (`equalise.py`). Ranges are percentiles over training
records; validation records only measure. Deterministic.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import (CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType,
                                      quantize_static)
from onnxruntime.quantization.shape_inference import quant_pre_process

from decode import decode, is_visible
from echo_border import border_of
from equalise import equalise, links_of, with_tensors
from export import OUTPUTS, session
from measure import structure_overlap
from shards import Shards

FILE = "guidenet-int8.onnx"
# One activation in ten million is clipped. A tip is a few cells of 4096 in a few channels: at 99.99 the
# range already ends below its heat, and every tip is lost.
PERCENTILE = 99.99999
# The histograms take records in portions of this many: all activations of a portion are in memory.
PORTION = 20
# Nodes that stay in float: the stem's first convolution and whatever gives an output.
FIRST = "/stem/stem.0/Conv"
FLOAT_PREFIXES = ("/frame/",)
QUANTISED_OPERATORS = ["Conv", "Relu", "Add", "Resize"]


class Records(CalibrationDataReader):
    """Training records one by one, in the portions that `quantize_static` asks for."""

    def __init__(self, shards: Shards, rows: np.ndarray) -> None:
        self.shards, self.rows = shards, rows
        self.left: Iterator[int] = iter(())

    def __len__(self) -> int:
        return len(self.rows)

    def set_range(self, start_index: int, end_index: int) -> None:
        self.left = iter(self.rows[start_index:end_index])

    def get_next(self) -> dict[str, np.ndarray] | None:
        row = next(self.left, None)
        return None if row is None else {"frames": self.shards.read(np.array([row]))["input"]}


def checked_manifest(folder: Path) -> dict:
    """The manifest beside the float model; refuses weights that the manifest does not vouch for."""
    manifest = json.loads((folder / "manifest.json").read_text())
    found = sha256(folder / manifest["file"])
    if manifest["precision"] != "fp32" or found != manifest["sha256"]:
        raise SystemExit(f"{folder / manifest['file']} has SHA-256 {found}; its manifest expects fp32 "
                         f"with {manifest['sha256']}. Export model and manifest together.")
    return manifest


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def quantise(source: Path, target: Path, records: Records) -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        model = onnx.load(prepared)
        even_out(model, records)
        onnx.save(model, prepared)
        graph = model.graph
        precise = [node.name for node in graph.node
                   if node.name == FIRST or node.name.startswith(FLOAT_PREFIXES)
                   or any(name in OUTPUTS for name in node.output)]
        if FIRST not in precise or len(precise) < 1 + len(OUTPUTS):
            raise SystemExit(f"{source}: expected {FIRST} and the nodes of {OUTPUTS}, found {precise}")
        quantize_static(
            str(prepared), str(target), records, quant_format=QuantFormat.QDQ,
            op_types_to_quantize=QUANTISED_OPERATORS, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=precise,
            calibrate_method=CalibrationMethod.Percentile,
            extra_options={"CalibStridedMinMax": PORTION, "CalibPercentile": PERCENTILE})


def even_out(model: onnx.ModelProto, records: Records) -> None:
    """Equalises the channels of `model` by what they reach on the records."""
    links = links_of(model.graph)
    names = [link.tensor for link in links]
    run = ort.InferenceSession(with_tensors(model, names).SerializeToString(),
                               providers=["CPUExecutionProvider"])
    largest = [np.zeros(1, np.float32) for _ in names]
    records.set_range(0, len(records))
    while (feed := records.get_next()) is not None:
        found = run.run(names, feed)
        largest = [np.maximum(old, new[0].max((1, 2))) for old, new in zip(largest, found)]
    equalise(model, links, largest)


def compare(source: Path, target: Path, manifest: dict, shards: Shards, rows: np.ndarray) -> dict:
    """How far int8 is from float on the same records. Tip shift: among frames where both show a tip.
    Dice: of float and of int8, each against the labels, pooled over the records."""
    thresholds = manifest["thresholds"]
    temperature = manifest["calibration"]["needlePresentTemperature"]
    sessions = [session(source), session(target)]
    shifts, changed, same, frame = [], 0, 0, []
    shown = np.zeros(2, int)
    overlap: dict[str, np.ndarray] = {}
    for row in rows:
        record = shards.read(np.array([row]))[0]
        outputs = [[o[0] for o in s.run(OUTPUTS, {"frames": record["input"][None]})] for s in sessions]
        border = border_of(record["input"][0])
        a, b = (decode(o, thresholds, temperature, record["spacing"], border) for o in outputs)
        visible = [is_visible(a, thresholds), is_visible(b, thresholds)]
        shown += visible
        changed += visible[0] != visible[1]
        if all(visible):
            shifts.append(float(np.hypot(*(a.tip - b.tip))))
        classes = [o[0].argmax(0) for o in outputs]
        same += int((classes[0] == classes[1]).sum())
        for which, guess in enumerate(classes):
            for name, counts in structure_overlap(guess, record["labels"]).items():
                sums = overlap.setdefault(name, np.zeros((2, 3)))
                sums[which] += np.nan_to_num(counts)
        frame.append(np.abs(outputs[0][3] - outputs[1][3]))
    return {
        "records": len(rows), "tipsShown": {"fp32": int(shown[0]), "int8": int(shown[1])},
        "tipDecisionsChanged": changed,
        "tipShiftPx": {"median": quantile(shifts, 0.5), "p95": quantile(shifts, 0.95)},
        "cellsOfSameClass": round(same / (len(rows) * classes[0].size), 5),
        "dice": {name: dict(zip(("fp32", "int8"), dice(sums).tolist()))
                 for name, sums in overlap.items() if sums[0, 2] > 0},
        "frameLogitShiftMean": [round(float(v), 4) for v in np.mean(frame, 0)],
    }


def dice(sums: np.ndarray) -> np.ndarray:
    """From rows of intersection, predicted, true."""
    return np.round(2 * sums[:, 0] / np.maximum(1, sums[:, 1] + sums[:, 2]), 4)


def quantile(values: list[float], share: float) -> float | None:
    return round(float(np.quantile(values, share)), 4) if values else None


def draw(shards: Shards, is_wanted: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows of every source in equal parts, as far as there are any."""
    random = np.random.default_rng(seed)
    sources = np.unique(shards.source[is_wanted])
    pools = [random.permutation(np.flatnonzero(is_wanted & (shards.source == s))) for s in sources]
    rows = np.concatenate([pool[:count // len(pools)] for pool in pools])
    return rows[:len(rows) // PORTION * PORTION]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "guidenet")
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--records", type=int, default=320)
    parser.add_argument("--validation", type=int, default=600)
    parser.add_argument("--check", action="store_true", help="measure the variant that is there")
    options = parser.parse_args()
    manifest = checked_manifest(options.model)
    source, target = options.model / manifest["file"], options.model / FILE
    shards = Shards(options.shards)
    if not options.check:
        rows = draw(shards, ~shards.is_validation, options.records, seed=5)
        quantise(source, target, Records(shards, rows))
    parity = compare(source, target, manifest, shards,
                     draw(shards, shards.is_validation, options.validation, seed=6))
    print(json.dumps(parity, indent=2))
    if options.check:
        return
    manifest["variants"] = {"int8": {"file": FILE, "sha256": sha256(target)}}
    manifest["metrics"] = manifest["metrics"] | {"int8AgainstFp32": parity}
    (options.model / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB, calibrated on {len(rows)} records")


if __name__ == "__main__":
    main()
