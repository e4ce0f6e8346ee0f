"""Trains GuideNet-S4 from shards, deterministically from a seed (given the same shards).

    python train.py --shards DIR [DIR ...] --run runs/NAME --minutes 55 [--resume]

The schedule follows the clock: the cosine ends when the minutes are over, whatever the machine was
able to do by then. With --steps it follows the steps instead and the run repeats exactly.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import signal
import time
from pathlib import Path

import numpy as np
import torch

from augment import augment
from losses import total_loss
from network import GuideNet
from shards import Shards, to_batch

EMA_DECAY = 0.998
RESCAN_STEPS = 400
CHECKPOINT_SECONDS = 150


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=55.0)
    parser.add_argument("--steps", type=int, default=None, help="instead of --minutes")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


class Run:
    """Network, its moving average, optimiser and progress; what a checkpoint holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        self.net = GuideNet().to(memory_format=torch.channels_last).train()
        self.average = copy.deepcopy(self.net).eval()
        decay = [p for p in self.net.parameters() if p.ndim > 1]
        plain = [p for p in self.net.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}],
            lr=options.rate)
        self.step, self.seconds = 0, 0.0

    def progress(self) -> float:
        if self.options.steps:
            return min(1.0, self.step / self.options.steps)
        return min(1.0, self.seconds / (60 * self.options.minutes))

    @torch.no_grad()
    def update_average(self) -> None:
        decay = min(EMA_DECAY, (1 + self.step) / (20 + self.step))
        pairs = zip(self.average.state_dict().values(), self.net.state_dict().values())
        for mean, now in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)
            else:
                mean.copy_(now)

    def save(self) -> None:
        path = self.options.run / "checkpoint.pt"
        torch.save({"net": self.net.state_dict(), "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(), "step": self.step,
                    "seconds": self.seconds, "seed": self.options.seed,
                    "batch": self.options.batch}, path.with_suffix(".tmp"))
        os.replace(path.with_suffix(".tmp"), path)

    def load(self) -> None:
        path = self.options.run / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]


def train_step(run: Run, shards: Shards) -> dict[str, float]:
    # A generator per step: the same step sees the same draw after a resume.
    random = np.random.default_rng([run.options.seed, run.step])
    batch = augment(to_batch(shards.read(shards.draw(random, run.options.batch))), random)
    done = run.progress()
    rate = run.options.rate * min(1.0, (run.step + 1) / 200)
    rate *= 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
    for group in run.optimiser.param_groups:
        group["lr"] = rate
    x = batch.input.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=run.options.precision == "bf16"):
        outputs = run.net(x)
    loss, parts = total_loss(outputs, batch, train_sigma=done > 0.3)
    run.optimiser.zero_grad(set_to_none=True)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(run.net.parameters(), 5.0)
    if torch.isfinite(norm):
        run.optimiser.step()
    run.step += 1
    run.update_average()
    return parts | {"total": float(loss.detach()), "rate": rate, "gradient": float(norm)}


def main() -> None:
    options = arguments()
    options.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    shards = Shards(options.shards)
    run = Run(options)
    if options.resume:
        run.load()
    print(f"{len(shards.where)} records, from step {run.step}", flush=True)
    stop: list[int] = []
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, _: stop.append(number))
    sums: dict[str, float] = {}
    saved = reported = last = time.monotonic()
    while run.progress() < 1 and not stop:
        parts = train_step(run, shards)
        now = time.monotonic()
        run.seconds += now - last
        last = now
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + value
        if run.step % 100 == 0:
            line = {name: round(value / 100, 4) for name, value in sums.items()}
            line |= {"step": run.step, "minutes": round(run.seconds / 60, 2),
                     "imagesPerSecond": round(100 * options.batch / (now - reported), 1),
                     "records": len(shards.where)}
            with (options.run / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            print(json.dumps(line), flush=True)
            sums, reported = {}, now
        if run.step % RESCAN_STEPS == 0:
            shards.rescan()
        if now - saved > CHECKPOINT_SECONDS:
            run.save()
            saved = now
    run.save()
    print(f"{'stopped' if stop else 'done'}: {run.step} steps, {run.seconds / 60:.1f} minutes", flush=True)


if __name__ == "__main__":
    main()
