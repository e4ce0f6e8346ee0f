"""How long the network takes against the one that was recommended before it was trained.

    python speed.py [--model ../guidenet] [--runs 200] [--write ../yardstick]

Builds the recommended network (a dense U-Net with a stem of stride 4 and 32 to 128 channels: 0.57 M
parameters, 0.32 GMAC) with random weights, in two forms: what comes up is put beside what went down,
or added to it through 1 x 1 convolutions, which takes less time. Both get GuideNet's outputs and are
quantised as GuideNet is. Then all run by turns on one thread, so that a busy machine slows them alike,
and the last line is the ratio in int8, of the 10th percentiles: medians hold other work. --write keeps
the first form's int8 file, which `echoline eval --suite speed` times.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from torch import Tensor, nn

from export import OUTPUTS, digest, export_onnx, session
from network import CLASSES, INPUT_SIZE, ConvBlock, GuideNet, double
from quantize import FILE, PORTION, Records, quantise

WIDTHS = (32, 48, 64, 128)
YARDSTICK = "yardstick-int8.onnx"


class Recommended(GuideNet):
    """Two 3 x 3 convolutions a level, heads of 1 x 1; `adds`: added instead of put side by side."""

    def __init__(self, adds: bool) -> None:
        nn.Module.__init__(self)
        self.adds = adds
        w4, w8, w16, w32 = WIDTHS
        self.stem = nn.Sequential(ConvBlock(3, w4, kernel=5, stride=4))
        self.down = nn.ModuleList(nn.Sequential(ConvBlock(a, b, stride=2), ConvBlock(b, b))
                                  for a, b in ((w4, w8), (w8, w16), (w16, w32)))
        steps = ((w32, w16), (w16, w8), (w8, w4))
        self.up = nn.ModuleList(nn.Conv2d(a, b, 1) if adds else nn.Identity() for a, b in steps)
        self.side = nn.ModuleList(nn.Conv2d(b, b, 1) if adds else nn.Identity() for _, b in steps)
        self.mix = nn.ModuleList(nn.Sequential(ConvBlock(b if adds else a + b, b), ConvBlock(b, b))
                                 for a, b in steps)
        self.structures, self.tip, self.shaft = (nn.Conv2d(w4, n, 1) for n in (len(CLASSES), 5, 4))
        self.frame = nn.Sequential(nn.Linear(2 * w32, 5))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        levels = [self.stem(frames.to(torch.float32) * (1.0 / 255.0))]
        for down in self.down:
            levels.append(down(levels[-1]))
        y = deepest = levels.pop()
        for up, side, mix in zip(self.up, self.side, self.mix):
            below, beside = double(up(y)), side(levels.pop())
            y = mix(beside + below if self.adds else torch.cat([beside, below], dim=1))
        whole = torch.cat([deepest.mean(dim=(2, 3)), deepest.amax(dim=(2, 3))], dim=1)
        return self.structures(y), self.tip(y), self.shaft(y), self.frame(whole)


class Grain:
    """Seeded noise in place of records, to quantise random weights with: ranges do not matter for the time."""

    def __init__(self) -> None:
        self.frames = np.random.default_rng(1).integers(0, 256, (PORTION, 3, INPUT_SIZE, INPUT_SIZE), np.uint8)

    def read(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        return {"input": self.frames[rows]}


def built(adds: bool, folder: Path) -> tuple[Path, Path]:
    """The recommended network as float and as int8 file."""
    torch.manual_seed(1)
    name = "added" if adds else "side-by-side"
    source, target = folder / f"{name}.onnx", folder / f"{name}-int8.onnx"
    net = Recommended(adds).eval()
    with torch.no_grad():
        for weight in (p for p in net.parameters() if p.ndim > 1):
            weight.copy_(weight.sign() * weight.std())  # takes as long, and packs into a quarter
    export_onnx(net, source)
    quantise(source, target, Records(Grain(), np.arange(PORTION)))
    return source, target


def write(model: Path, file: Path, out: Path) -> None:
    """The int8 file with a manifest of GuideNet's own contract, thresholds and all."""
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, out / YARDSTICK)
    manifest = json.loads((model / "manifest.json").read_text()) | {
        "id": "yardstick", "version": "1.0.0", "file": YARDSTICK, "sha256": digest(out / YARDSTICK), "precision": "int8",
        "provenance": {"trained": False}, "metrics": {}}
    del manifest["variants"]
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def by_turns(engines: dict[str, InferenceSession], runs: int) -> dict[str, np.ndarray]:
    """Milliseconds of each run; the first twentieth warms up."""
    frame = np.random.default_rng(2).integers(0, 256, (1, 3, INPUT_SIZE, INPUT_SIZE), np.uint8)
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(runs + runs // 20):
        for name, engine in engines.items():
            start = time.perf_counter()
            engine.run(OUTPUTS, {"frames": frame})
            taken[name].append(1e3 * (time.perf_counter() - start))
    return {name: np.array(times[runs // 20:]) for name, times in taken.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path(__file__).parent.parent / "guidenet")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--write", type=Path, help="keep the recommended network's int8 file there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = {"GuideNet": (options.model / "guidenet.onnx", options.model / FILE)}
        for adds in (False, True):
            files["recommended, added" if adds else "recommended"] = built(adds, Path(folder))
        if options.write:
            write(options.model, files["recommended"][1], options.write)
        engines = {f"{name}, {precision}": session(file) for name, pair in files.items()
                   for precision, file in zip(("fp32", "int8"), pair)}
    taken = by_turns(engines, options.runs)
    print(f"{'ms on one thread, ' + str(options.runs) + ' runs by turns':42} {'p10':>6} {'p50':>6}")
    for name, times in taken.items():
        print(f"{name:42} {np.quantile(times, 0.1):6.2f} {np.median(times):6.2f}")
    ours, plain, added = (np.quantile(taken[f"{name}, int8"], 0.1) for name in files)
    print(f"int8: GuideNet takes {ours / plain:.2f} times as long as the recommended network, "
          f"{ours / added:.2f} times as long as its faster form")


if __name__ == "__main__":
    main()
