"""Blends a run's weights with those it started from; writes a run of its own.

    python blend.py --run runs/main --start runs/guidenet-0.4.onnx --share 0.2 --out runs/blend

A fine-tuned network and its start lie in one valley: a point between them often holds better on pictures
that neither was trained on (weight-space ensembling: Wortsman and others, CVPR 2022). The blend is of the
fused kernels, so that normalisation statistics play no part.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from pathlib import Path

import torch

from export import export_onnx, load_average
from initialise import load_exported
from network import GuideNet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="an fp32 export")
    parser.add_argument("--share", type=float, required=True, help="of the start, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if not 0 <= options.share <= 1:
        parser.error(f"expected a --share from 0 to 1, not {options.share}")
    options.out.mkdir(parents=True, exist_ok=True)
    net, state = load_average(options.run)
    export_onnx(net, options.out / "averaged.onnx")  # fuses the kernels; replaced by the blend below
    run, start = GuideNet(), GuideNet()
    load_exported(run, options.out / "averaged.onnx")
    load_exported(start, options.start)
    blended = {name: value.lerp(start.state_dict()[name], options.share) if value.dtype.is_floating_point else value
               for name, value in run.state_dict().items()}
    run.load_state_dict(blended)
    export_onnx(run.eval(), options.out / "averaged.onnx")
    with_ = {"file": options.start.name, "share": options.share,
             "sha256": hashlib.sha256(options.start.read_bytes()).hexdigest()}
    torch.save(state | {"average": blended, "blendedWith": with_}, options.out / "checkpoint.pt")
    shutil.copy(options.run / "starts.jsonl", options.out)


if __name__ == "__main__":
    main()
