"""Trains GuideNet-S4 from shards, deterministically from a seed (given the same shards).

    python train.py --shards DIR [DIR ...] --run runs/NAME --minutes 55 [--resume]

Every worker is a process with one thread, and gradients are averaged once a step: threads within a
step wait for each other hundreds of times, which on a shared machine costs most of the time.

The schedule follows the clock: the cosine ends when the minutes are over, whatever the machine was
able to do by then. With --steps it follows the steps instead and the run repeats exactly.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing

from augment import augment
from initialise import load_exported, restore_statistics
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
    parser.add_argument("--batch", type=int, default=16, help="of each worker")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--precision", choices=("bf16", "fp32"), default=quickest_precision(),
                        help="default: what this processor is faster at (here %(default)s)")
    parser.add_argument("--compile", action="store_true", help="about 10 %% faster after two minutes")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--fold", type=int, help="leave out this fifth of usgra-seg; see crossvalidate.py")
    parser.add_argument("--start", type=Path, help="an fp32 export whose weights to start from")
    return parser.parse_args()


def quickest_precision() -> str:
    """bf16 where the processor has instructions for it. Where they are emulated a step takes ten
    times as long as with fp32."""
    cpuinfo = Path("/proc/cpuinfo")
    flags = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    return "bf16" if flags & {"amx_bf16", "avx512_bf16"} else "fp32"


def create_optimiser(net: GuideNet, rate: float) -> torch.optim.Optimizer:
    """AdamW; biases and normalisation do not decay."""
    decay = [p for p in net.parameters() if p.ndim > 1]
    plain = [p for p in net.parameters() if p.ndim <= 1]
    return torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}], lr=rate)


class Run:
    """Network, its moving average, optimiser and progress; what a checkpoint holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        self.net = GuideNet().to(memory_format=torch.channels_last).train()
        self.average = copy.deepcopy(self.net).eval()
        self.forward = torch.compile(self.net) if options.compile else self.net
        self.optimiser = create_optimiser(self.net, options.rate)
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


def agree(run: Run, wants_stop: bool) -> bool:
    """The first worker's clock and wish to stop hold for all, so that none waits for another."""
    state = torch.tensor([run.seconds, float(wants_stop)], dtype=torch.float64)
    if dist.is_initialized():
        dist.broadcast(state, 0)
    run.seconds = float(state[0])
    return bool(state[1])


def average_gradients(net: GuideNet, workers: int) -> None:
    if workers == 1:
        return
    gradients = [p.grad for p in net.parameters()]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    flat /= workers
    for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients])):
        gradient.copy_(part.reshape(gradient.shape))


def train_step(run: Run, shards: Shards, worker: int) -> dict[str, float]:
    options = run.options
    # A generator per step and worker: the same step sees the same draw after a resume.
    random = np.random.default_rng([options.seed, run.step, worker])
    batch = augment(to_batch(shards.read(shards.draw(random, options.batch))), random)
    done = run.progress()
    rate = options.rate * min(1.0, (run.step + 1) / 200)
    rate *= 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
    for group in run.optimiser.param_groups:
        group["lr"] = rate
    x = batch.input.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
        outputs = run.forward(x)
    loss, parts = total_loss(outputs, batch, train_sigma=done > 0.3)
    run.optimiser.zero_grad(set_to_none=False)
    loss.backward()
    average_gradients(run.net, options.workers)
    norm = torch.nn.utils.clip_grad_norm_(run.net.parameters(), 5.0)
    if torch.isfinite(norm):
        run.optimiser.step()
    run.step += 1
    run.update_average()
    parts = {name: float(value) for name, value in parts.items()}
    return parts | {"total": float(loss.detach()), "rate": rate, "gradient": float(norm)}


def write_log(options: argparse.Namespace, line: dict[str, float]) -> None:
    with (options.run / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    print(json.dumps(line), flush=True)


def write_start(options: argparse.Namespace, machine: str = "2 CPU cores, shared") -> None:
    """What a run was started with, for the manifest's provenance; a resumed run adds a line."""
    commit = ""
    if shutil.which("git"):
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent,
                                capture_output=True, text=True, check=False).stdout.strip()
    line = {"commit": commit, "machine": machine, "torch": torch.__version__, "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "options": {k: [str(p.resolve()) for p in v] if k == "shards" else str(v) if isinstance(v, Path) else v
                        for k, v in vars(options).items()}}
    with (options.run / "starts.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")


def start_from(run: Run, shards: Shards) -> None:
    """The weights of an exported network, with statistics measured on augmented training frames."""
    load_exported(run.net, run.options.start)
    random = np.random.default_rng([run.options.seed, 0x5747])
    batches = (augment(to_batch(shards.read(shards.draw(random, 32))), random).input for _ in range(20))
    restore_statistics(run.net, batches)
    run.average = copy.deepcopy(run.net).eval()


def work(worker: int, options: argparse.Namespace) -> None:
    """One worker's whole training; the first one also logs and saves."""
    torch.set_num_threads(1)
    if options.workers > 1:
        meeting = f"file://{(options.run / 'meeting').resolve()}"
        dist.init_process_group("gloo", init_method=meeting, rank=worker, world_size=options.workers)
    stop: list[int] = []
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, _: stop.append(number))
    shards = Shards(options.shards, options.fold)
    run = Run(options)
    if options.start:
        start_from(run, shards)
    if options.resume:
        run.load()
    is_first = worker == 0
    if is_first:
        print(f"{len(shards.where)} records, from step {run.step}", flush=True)
    sums: dict[str, float] = {}
    saved = reported = last = time.monotonic()
    while not agree(run, bool(stop)) and run.progress() < 1:
        parts = train_step(run, shards, worker)
        now = time.monotonic()
        run.seconds += now - last
        last = now
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + value
        if is_first and run.step % 100 == 0:
            line = {name: round(value / 100, 4) for name, value in sums.items()}
            images = 100 * options.batch * options.workers
            write_log(options, line | {
                "step": run.step, "minutes": round(run.seconds / 60, 2), "records": len(shards.where),
                "imagesPerSecond": round(images / (now - reported), 1)})
            sums, reported = {}, now
        if run.step % RESCAN_STEPS == 0:
            shards.rescan()
        if is_first and now - saved > CHECKPOINT_SECONDS:
            run.save()
            saved = now
    if is_first:
        run.save()
        print(f"{'stopped' if stop else 'done'}: {run.step} steps, {run.seconds / 60:.1f} minutes",
              flush=True)
    if dist.is_initialized():
        dist.destroy_process_group()


def main() -> None:
    options = arguments()
    options.run.mkdir(parents=True, exist_ok=True)
    (options.run / "meeting").unlink(missing_ok=True)
    write_start(options)
    if options.workers == 1:
        work(0, options)
        return
    workers = multiprocessing.spawn(work, (options,), options.workers, join=False)
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: [os.kill(p.pid, signal.SIGTERM) for p in workers.processes])
    while not workers.join():
        pass


if __name__ == "__main__":
    main()
