"""Exports a run's averaged weights to `models/guidenet/`: ONNX, manifest and golden pair.

    python export.py --run runs/NAME            (or --untrained SEED: random weights, for wiring)
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from network import CLASSES, INPUT_SIZE, STRIDE, GuideNet

OUTPUTS = ["structures", "tip", "shaft", "frame"]
# Before calibration. calibrate.py replaces what it measures.
THRESHOLDS = {
    "needlePresent": 0.5, "tipHeat": 0.3, "tipScore": 0.45, "tipInPlane": 0.5, "shaft": 0.5,
    "tipOffShaftMm": 2.0, "shaftLengthMm": 4.0, "structure": 0.5, "structureAreaMm2": 4.0,
    "arteryVein": 0.95, "contactLoss": 0.5, "imageQuality": 0.3,
    # A line that speaks for a needle by itself (src/pipeline/postprocess/clear-shaft.ts). On validation records, before tracking,
    # it shows a shaft on 1 % more of the frames with a needle, 0.2 % more of the photographs and 1 to 2 % more of the drawn needle-free;
    # calibrate.py does not count these among its false shafts.
    "clearShaft": {"needlePresent": 0.5, "lengthMm": 12.0, "probability": 0.6},
    # Not an ultrasound image (src/pipeline/preprocess/is-foreign.ts). Measured on 5 900 records: all
    # have a correlation of 0.69 and more; one phantom record in 2500 is more even than this. Noise
    # has 0, text up to 0.51; drawn photographs and tomograms are even to 0.44 and more.
    "foreign": {"neighbourCorrelation": 0.6, "evenShare": 0.38, "regionSidePx": 96},
    # Colour is 0.2 % of a real B-mode screen at most; a colour box with a vessel is some per cent.
    "colouredShare": 0.01,
}
CALIBRATION = {"radius90PerSigma": 2.0, "needlePresentTemperature": 1.0}


def golden_input() -> np.ndarray:
    """The golden input by formula, so that it needs no file: u8, (7x + 13y + (x * y >> 5) + 40c) mod
    256 on the intensity channel (c = 0) and 96 + that mod 64 on the differences (c = 1, 2)."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(INPUT_SIZE), np.arange(INPUT_SIZE), indexing="ij")
    value = (7 * x + 13 * y + (x * y >> 5) + 40 * c) % 256
    return np.where(c == 0, value, 96 + value % 64).astype(np.uint8)[None]


def export_onnx(net: GuideNet, path: Path) -> None:
    net = net.fuse()
    example = torch.from_numpy(golden_input())
    torch.onnx.export(net, (example,), str(path), opset_version=17, input_names=["frames"],
                      output_names=OUTPUTS, dynamo=False)
    model = onnx.load(path)
    onnx.checker.check_model(model)
    for value in [*model.graph.input, *model.graph.output]:
        if any(d.dim_value < 1 for d in value.type.tensor_type.shape.dim):
            raise ValueError(f"{value.name} has a dynamic axis")


def session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def write_golden(path: Path, out: Path) -> None:
    outputs = session(path).run(OUTPUTS, {"frames": golden_input()})
    random = np.random.default_rng(7)
    samples = []
    for name, value in zip(OUTPUTS, outputs):
        flat = value.reshape(-1)
        where = np.sort(random.choice(flat.size, min(40, flat.size), replace=False))
        tolerance = float(max(1e-3, 2e-4 * np.abs(flat).max()))
        samples.append({"output": name, "shape": list(value.shape), "tolerance": tolerance,
                        "indices": where.tolist(), "values": [round(float(v), 6) for v in flat[where]],
                        "mean": float(flat.mean(dtype=np.float64))})
    out.write_text(json.dumps({
        "format": "echoline-golden/1",
        "input": {"shape": [1, 3, INPUT_SIZE, INPUT_SIZE],
                  "formula": "v = (7x + 13y + ((x * y) >> 5) + 40c) mod 256; "
                             "c = 0: v; c = 1, 2: 96 + v mod 64"},
        "outputs": samples}, indent=1) + "\n")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def provenance(run: Path, state: dict) -> dict:
    """Where the weights come from, gathered from the run and from the indexes of its shards."""
    starts = [json.loads(line) for line in (run / "starts.jsonl").read_text().splitlines()]
    shards, licences = [], {}
    # A resumed run may have been given further shards.
    named = (Path(d).resolve() for start in starts for d in start["options"]["shards"])
    for directory in dict.fromkeys(named):
        index = json.loads((directory / "shards.json").read_text())
        shards.append({"seed": index["seed"], "records": index["records"]})
        licences |= {entry["set"]: entry for entry in index["licences"]}
    start = starts[0]["options"].get("start")
    return {
        "trained": True, "seed": state["seed"], "steps": state["step"],
        "startedFrom": start and started_from(Path(start)),
        "blendedWith": state.get("blendedWith"),
        "batch": state["batch"] * starts[0]["options"].get("workers", 1),
        "minutes": round(state["seconds"] / 60, 1), "machine": starts[0]["machine"],
        "trainingCommits": [start["commit"] for start in starts], "torch": starts[0]["torch"],
        "started": starts[0]["started"], "shards": shards,
        "data": [{"set": "phantom", "licence": "Apache-2.0", "attribution": "Echoline, src/phantom"},
                 *licences.values()],
    }


def started_from(path: Path) -> dict:
    """The weights that a run started from and, where they are another run's, where those come from in turn."""
    known = {"file": path.name, "sha256": digest(path)}
    checkpoint = path.parent / "checkpoint.pt"
    if not checkpoint.exists():
        return known
    return known | {"run": provenance(path.parent, torch.load(checkpoint, weights_only=True))}


def write_manifest(path: Path, out: Path, run: Path | None, origin: dict, version: str) -> None:
    def load(name: str) -> dict:
        file = run / name if run else None
        return json.loads(file.read_text()) if file and file.exists() else {}

    calibrated = load("calibration.json")
    # Fitted through the engine on scripted procedures, after a first export (README, step 5).
    outlines = load("outlines.json")
    manifest = {
        "format": "echoline-model/1", "id": "guidenet", "version": version, "file": path.name,
        "sha256": digest(path), "precision": "fp32",
        "input": {"name": "frames", "dtype": "uint8", "shape": [1, 3, INPUT_SIZE, INPUT_SIZE],
                  "channels": ["intensity", "short-difference", "slow-difference"], "neutral": 128},
        "stridePx": STRIDE, "outputs": {name: name for name in OUTPUTS}, "classes": list(CLASSES),
        "thresholds": THRESHOLDS | calibrated.get("thresholds", {}),
        "calibration": CALIBRATION | calibrated.get("calibration", {})
        | ({"outlines": outlines} if outlines else {}),
        "spacingRangeMm": calibrated.get("spacingRangeMm", {"min": 0.05, "max": 0.4}),
        "provenance": origin,
        "metrics": load("metrics.json"),
    }
    if run and not manifest["metrics"]:
        print(f"{run}: no metrics.json, so the manifest holds no figures; run evaluate.py before this.")
    out.write_text(json.dumps(manifest, indent=2) + "\n")


def load_average(run: Path) -> tuple[GuideNet, dict]:
    state = torch.load(run / "checkpoint.pt", weights_only=True)
    net = GuideNet().eval()
    net.load_state_dict(state["average"])
    return net, state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--untrained", type=int, metavar="SEED")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "guidenet")
    parser.add_argument("--version", default="0.1.0")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    origin: dict = {"trained": False}
    if options.run:
        net, state = load_average(options.run)
        origin = provenance(options.run, state)
    else:
        torch.manual_seed(options.untrained or 0)
        net = GuideNet().eval()
    path = options.out / "guidenet.onnx"
    reference = [o.detach().numpy() for o in net(torch.from_numpy(golden_input()))]
    export_onnx(net, path)
    found = session(path).run(OUTPUTS, {"frames": golden_input()})
    worst = max(float(np.abs(a - b).max()) for a, b in zip(found, reference))
    if worst > 2e-3 * max(1.0, max(float(np.abs(r).max()) for r in reference)):
        raise SystemExit(f"ONNX Runtime and PyTorch differ by {worst}")
    write_golden(path, options.out / "golden.json")
    write_manifest(path, options.out / "manifest.json", options.run, origin, options.version)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, largest difference to PyTorch {worst:.2e}")


if __name__ == "__main__":
    main()
