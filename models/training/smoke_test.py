"""60-second smoke training: python smoke_test.py

Writes small shards of bright lines on speckle (no ultrasound, only a check of the machinery), trains
on them, stops half way and resumes, and then asks that tips are found, that empty frames stay empty,
that losses mask what is unknown, and that the exported graph computes what PyTorch computes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch.nn import functional as F

from appearance import DARK, UNTOUCHED
from augment import augment, move
from decode import decode
from equalise import above_silence, equalise, links_of, with_tensors
from export import OUTPUTS, THRESHOLDS, session
from losses import total_loss
from network import GuideNet
from screen_marks import MARKS, is_harmless, is_like_shaft, place_of_needle
from shards import FORMAT, RECORD, VALIDATION_BIT, Shards, to_batch

HERE = Path(__file__).parent


def make_record(random: np.random.Generator, group: int) -> np.ndarray:
    record = np.zeros((), RECORD)
    y, x = np.mgrid[0:256, 0:256].astype(np.float32)
    image = 40 * random.rayleigh(1, (256, 256)) * np.exp(-y / 400)
    record["labels"] = 255
    nerve = (random.uniform(50, 200), random.uniform(90, 220), random.uniform(14, 26))
    inside = np.hypot(x - nerve[0], y - nerve[1]) < nerve[2]
    image = np.where(inside, image * 2.2, image)
    record["labels"] = np.where(inside[2::4, 2::4], 1, 0)
    record["tip"], record["shaft"] = np.nan, np.nan
    if random.random() < 0.6:
        angle = random.uniform(0.15, 1.0)
        tip = np.array([random.uniform(90, 220), random.uniform(80, 210)])
        axis = np.array([np.cos(angle), np.sin(angle)])
        start = tip - axis * random.uniform(80, 160)
        if random.random() < 0.5:
            tip[0], start[0] = 255 - tip[0], 255 - start[0]
        along = ((x - start[0]) * (tip - start)[0] + (y - start[1]) * (tip - start)[1]) / np.sum((tip - start) ** 2)
        foot = np.clip(along, 0, 1)
        distance = np.hypot(x - start[0] - foot * (tip - start)[0], y - start[1] - foot * (tip - start)[1])
        image = image + 160 * np.exp(-0.5 * (distance / 1.5) ** 2)
        record["tip"], record["shaft"] = tip, [*start, *tip]
        record["shaftMask"] = 255 * np.clip(1.25 - distance[2::4, 2::4] / 4, 0, 1)
        record["needlePresent"] = record["tipVisible"] = record["approach"] = 1
    record["input"][0] = np.clip(image, 0, 255)
    record["input"][1:] = 128
    record["spacing"] = 0.15
    record["imageQuality"], record["probeShift"], record["contact"] = 0.8, np.nan, 1.0
    record["group"] = group | (VALIDATION_BIT if group % 8 == 0 else 0)
    return record


def write(directory: Path, count: int) -> None:
    random = np.random.default_rng(5)
    np.array([make_record(random, k) for k in range(count)], RECORD).tofile(directory / "shard-0000.bin")
    (directory / "shards.json").write_text(json.dumps({
        "format": FORMAT, "seed": 5, "records": count, "recordBytes": RECORD.itemsize, "licences": [],
        "files": [{"file": "shard-0000.bin", "records": count}]}))


def check_augmentation(shards: Shards) -> None:
    """A tip must stay on its bright line's end whatever moves the frame, and chance must come from
    the generator alone."""
    rows = np.flatnonzero([r["needlePresent"] for r in shards.files[0][:400]])[:192]
    batch, again = (augment(to_batch(shards.read(rows)), np.random.default_rng(3)) for _ in range(2))
    for name, value in vars(batch).items():
        assert torch.equal(torch.nan_to_num(value.float()), torch.nan_to_num(getattr(again, name).float())), name
    seen = np.flatnonzero(batch.visible.numpy() > 0.5)
    assert len(seen) > 0.85 * len(rows), f"{len(seen)} of {len(rows)} tips are still in the frame"
    on_mask = bright = 0
    for k in seen:
        column, row = (int(round(float(v))) for v in batch.tip[k])
        mask, image = batch.shaft_mask[k], batch.input[k, 0].numpy()
        on_mask += float(mask[max(0, row // 4 - 1):row // 4 + 2, max(0, column // 4 - 1):column // 4 + 2].max()) > 0.4
        around = image[max(0, row - 12):row + 13, max(0, column - 12):column + 13]
        bright += image[max(0, row - 2):row + 3, max(0, column - 2):column + 3].max() > 1.3 * np.median(around)
    assert on_mask >= 0.95 * len(seen), f"{on_mask} of {len(seen)} tips lie on their shaft after augmentation"
    assert bright >= 0.95 * len(seen), f"{bright} of {len(seen)} tips are brighter than what is around them"
    assert batch.input.min() >= 0 and batch.input.max() <= 255 and torch.isfinite(batch.input).all()


def check_moves(shards: Shards) -> None:
    """What comes in from outside the frame is black, does not move and has no known class."""
    batch = to_batch(shards.read(np.arange(96)))
    batch.input[:] = 200.0
    batch.labels[:] = 0
    batch.history[:] = 1.0
    move(batch, np.random.default_rng(8))
    # Two pixels from the border a cell still takes the label inside: its neighbours decide with it.
    outside = -F.max_pool2d(-(batch.input[:, :1] < 1).float(), 9, 1, 4)[:, 0, 2::4, 2::4] > 0.5
    inside = -F.max_pool2d(-(batch.input[:, :1] > 199).float(), 9, 1, 4)[:, 0, 2::4, 2::4] > 0.5
    assert outside.any() and (batch.labels[outside] == 255).all()
    assert (batch.input[:, 1:, 2::4, 2::4].permute(0, 2, 3, 1)[outside] - 128).abs().max() < 1
    assert inside.any() and (batch.labels[inside] == 0).all()


def check_marks(shards: Shards) -> None:
    """A mark that is drawn keeps clear of the tip and is no line along the shaft."""
    random = np.random.default_rng(4)
    batch = to_batch(shards.read(np.flatnonzero([r["needlePresent"] for r in shards.files[0][:200]])))
    drawn = 0
    for k in range(len(batch.tip)):
        needle = place_of_needle(batch, k)
        x, y = (int(round(float(v))) for v in needle.tip)
        for draw, _ in MARKS:
            mark = draw(random)
            if not is_harmless(mark, needle):
                continue
            drawn += 1
            assert mark.cover[y - 3:y + 4, x - 3:x + 4].max() == 0, draw.__name__
    assert drawn > 0.7 * len(batch.tip) * len(MARKS), drawn
    shaft = np.array([20.0, 40.0, 120.0, 140.0])
    beside = shaft + np.array([3.0, -3.0, 3.0, -3.0])
    assert is_like_shaft(beside[:2], beside[2:], shaft)
    assert not is_like_shaft(beside[:2] + 40, beside[2:] + (40, -40), shaft)


def check_masks(shards: Shards) -> None:
    """Unknown labels and frames without a needle give finite losses and no class gradient."""
    batch = to_batch(shards.read(np.arange(4)))
    batch.labels[:] = 255
    batch.quality[:] = torch.nan
    batch.present[:] = torch.nan
    net = GuideNet()
    outputs = net(batch.input)
    loss, parts = total_loss(outputs, batch, train_sigma=True)
    assert torch.isfinite(loss), parts
    assert parts["classes"] == 0 and parts["present"] == 0 and parts["quality"] == 0, parts


def check_reached() -> None:
    """A faint tip at which the visible shaft ends is taught as a tip; one far beyond it, or of a dot, is none."""
    records = np.zeros(3, RECORD)
    records["needlePresent"], records["approach"], records["spacing"] = 1, (1, 1, 2), 0.2
    records["tip"] = [(130, 130), (200, 200), (130, 130)]
    records["shaftMask"][:, 10:32, 31] = 200  # ends at x 125.5, y 125.5
    assert to_batch(records).visible.tolist() == [1, 0, 0]


def check_dark_tip(shards: Shards) -> None:
    """A tip that a look makes black is no longer a visible one."""
    batch = to_batch(shards.read(np.flatnonzero([r["needlePresent"] for r in shards.files[0][:200]])))
    batch.input[:, 0] *= 0.06
    augment(batch, np.random.default_rng(2))
    brightest = np.array([batch.input[k, 0].max() for k in range(len(batch.tip))])
    dark, taught = brightest < 0.6 * DARK, batch.visible.numpy() > 0.5
    assert dark.sum() > 10 and (dark & taught).sum() <= 2 * UNTOUCHED * len(dark), (dark.sum(), (dark & taught).sum())


def check_equalise(path: Path, shards: Shards) -> None:
    """Evened-out channels compute what the network computed, and reach like values."""
    model = onnx.load(path)
    links = links_of(model.graph)
    assert len(links) >= 9, [link.tensor for link in links]
    feed = {"frames": shards.read(np.arange(1))["input"]}
    names = [link.tensor for link in links]

    def run(what: onnx.ModelProto) -> tuple[list[np.ndarray], list[np.ndarray]]:
        bytes_ = with_tensors(what, names).SerializeToString()
        found = ort.InferenceSession(bytes_, providers=["CPUExecutionProvider"]).run(OUTPUTS + names, feed)
        return found[:len(OUTPUTS)], [f[0].max((1, 2)) for f in found[len(OUTPUTS):]]

    before, largest = run(model)
    equalise(model, links, largest)
    after, evened = run(model)
    for a, b in zip(before, after):
        assert np.allclose(a, b, rtol=1e-3, atol=1e-3), float(np.abs(a - b).max())
    unlike = [float(np.mean([np.std(np.log(above_silence(v))) for v in one])) for one in (largest, evened)]
    assert unlike[1] < 0.7 * unlike[0], unlike


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder, 600)
        shards = Shards([folder])
        check_augmentation(shards)
        check_moves(shards)
        check_marks(shards)
        check_masks(shards)
        check_reached()
        check_dark_tip(shards)
        train = [sys.executable, str(HERE / "train.py"), "--shards", str(folder), "--run",
                 str(folder / "run"), "--steps", "240", "--rate", "3e-3"]
        half = subprocess.Popen(train, stdout=subprocess.PIPE, text=True)
        for line in half.stdout:
            if '"step": 100' in line:
                break
        half.terminate()
        half.wait()
        subprocess.run([*train, "--resume"], check=True)
        subprocess.run([sys.executable, str(HERE / "export.py"), "--run", str(folder / "run"),
                        "--out", str(folder / "out")], check=True)
        check_equalise(folder / "out" / "guidenet.onnx", shards)
        engine = session(folder / "out" / "guidenet.onnx", threads=2)
        errors, false_tips, empty = [], 0, 0
        for row in np.flatnonzero(shards.is_validation):
            record = shards.read(np.array([row]))[0]
            outputs = [o[0] for o in engine.run(OUTPUTS, {"frames": record["input"][None]})]
            found = decode(outputs, THRESHOLDS, 1.0, record["spacing"])
            if record["tipVisible"]:
                errors.append(float(np.hypot(*(found.tip - record["tip"]))))
            else:
                empty += 1
                false_tips += found.score > THRESHOLDS["tipScore"]
        recall = float(np.mean(np.array(errors) < 5))
        print(f"recall at 5 px {recall:.2f}, false tips {false_tips} of {empty}")
        assert recall > 0.6 and false_tips <= 0.2 * empty


if __name__ == "__main__":
    main()
