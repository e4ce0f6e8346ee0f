"""Trains GuideNet-S4 on a GPU, beside a wider teacher on the same frames.

    python train_gpu.py --shards DIR [DIR ...] --run runs/NAME --start GUIDENET.onnx --minutes 9

The records may still be written meanwhile: `feed.py` looks for new ones. The schedule follows the clock and ends
--minutes after the start. A run is repeated in kind, not bit by bit: what lies in the pool depends on the machine.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from augment import move_and_mirror
from feed import Pool
from initialise import load_exported, restore_statistics
from losses import Batch, distillation_loss, total_loss
from network import GuideNet
from train import create_optimiser, write_log, write_start

TEACHER_WIDTHS = (64, 96, 160, 256)
EMA_DECAY = 0.9993
SAVE_SECONDS = 60
SIGMA_FROM = 0.3    # of the time: from here on the tip's uncertainty is trained
TEACHER_FROM = 0.35  # and the student listens to the teacher


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=9.0)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--processes", type=int, default=14, help="that change looks")
    parser.add_argument("--pool", type=int, default=120_000, help="frames held in GPU memory, 0.2 MB each")
    parser.add_argument("--log-steps", type=int, default=200)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--teacher", type=float, default=0.5, help="weight of the teacher's word; 0: no teacher")
    parser.add_argument("--fold", type=int, help="leave out this fifth of usgra-seg; see crossvalidate.py")
    parser.add_argument("--start", type=Path, help="an fp32 export whose weights to start from")
    return parser.parse_args()


class Learner:
    """A network, its moving average and its optimiser."""

    def __init__(self, net: GuideNet, options: argparse.Namespace) -> None:
        self.net = net.to(options.device, memory_format=torch.channels_last).train()
        self.average = copy.deepcopy(self.net).eval()
        self.device, self.rate, self.step = options.device, options.rate, 0
        self.optimiser = create_optimiser(self.net, options.rate)
        pairs = list(zip(self.average.state_dict().values(), self.net.state_dict().values()))
        self._averaged = [mean for mean, _ in pairs if mean.dtype.is_floating_point]
        self._newest = [now for mean, now in pairs if mean.dtype.is_floating_point]

    def look(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        with torch.autocast(self.device, torch.bfloat16):
            return self.net(x)

    def learn(self, loss: torch.Tensor, done: float) -> None:
        rate = self.rate * min(1.0, (self.step + 1) / 300)
        rate *= 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.step += 1
        self._follow()

    @torch.no_grad()
    def _follow(self) -> None:
        """Moves the average after the network."""
        decay = min(EMA_DECAY, (1 + self.step) / (20 + self.step))
        torch._foreach_lerp_(self._averaged, self._newest, 1 - decay)

    def save(self, path: Path, origin: dict[str, float]) -> None:
        """The average only, which is what is exported, and where it comes from."""
        state = {name: value.cpu() for name, value in self.average.state_dict().items()}
        torch.save({"average": state, "step": self.step} | origin, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)


def train(options: argparse.Namespace) -> None:
    pool = Pool(options.pool, options.processes, options.shards, options.fold, options.seed, options.device)
    random = np.random.default_rng([options.seed, 0x6790])
    torch.manual_seed(options.seed)
    student = Learner(GuideNet(), options)
    teacher = Learner(GuideNet(TEACHER_WIDTHS), options) if options.teacher else None
    started = time.monotonic()
    while pool.taken < 8 * options.batch:
        time.sleep(0.2)
    if options.start:
        start_from(student, options, pool, random)
    began = reported = saved = time.monotonic()
    left = max(1.0, started + 60 * options.minutes - began)
    print(f"first frames after {began - started:.1f} s", flush=True)
    while (done := (time.monotonic() - began) / left) < 1:
        batch = pool.draw(options.batch, random)
        move_and_mirror(batch, random)
        parts = learn_both(student, teacher, batch, done, options.teacher)
        now = time.monotonic()
        if student.step % options.log_steps == 0:
            line = {name: round(float(value), 4) for name, value in parts.items()}
            write_log(options, line | {"step": student.step, "minutes": round((now - started) / 60, 2), "fresh": pool.taken,
                                       "imagesPerSecond": round(options.log_steps * options.batch / (now - reported))})
            reported = now
        if now - saved > SAVE_SECONDS:
            save(options, student, teacher, now - started)
            saved = now
    save(options, student, teacher, time.monotonic() - started)
    pool.close()
    print(f"done: {student.step} steps of {options.batch}, {pool.taken} frames with a changed look", flush=True)


def learn_both(student: Learner, teacher: Learner | None, batch: Batch, done: float,
               weight: float) -> dict[str, torch.Tensor]:
    x = batch.input.contiguous(memory_format=torch.channels_last)
    said = student.look(x)
    loss, parts = total_loss(said, batch, train_sigma=done > SIGMA_FROM)
    parts["total"] = loss.detach()
    if teacher:
        told = teacher.look(x)
        teacher_loss, teacher_parts = total_loss(told, batch, train_sigma=done > SIGMA_FROM)
        teacher.learn(teacher_loss, done)
        parts |= {"teacherTotal": teacher_loss.detach(), "teacherTip": teacher_parts["tip"]}
        if done > TEACHER_FROM:
            distance = distillation_loss(said, told)
            parts["distance"] = distance.detach()
            loss = loss + weight * distance
    student.learn(loss, done)
    return parts


def start_from(student: Learner, options: argparse.Namespace, pool: Pool, random: np.random.Generator) -> None:
    """The weights of an exported network, with statistics measured on augmented training frames."""
    def some() -> torch.Tensor:
        batch = pool.draw(64, random)
        move_and_mirror(batch, random)
        return batch.input

    load_exported(student.net, options.start)
    restore_statistics(student.net, (some() for _ in range(20)))
    student.average.load_state_dict(student.net.state_dict())


def save(options: argparse.Namespace, student: Learner, teacher: Learner | None, seconds: float) -> None:
    origin = {"seed": options.seed, "batch": options.batch, "seconds": seconds}
    student.save(options.run / "checkpoint.pt", origin)
    if teacher:
        teacher.save(options.run / "teacher.pt", origin)


def main() -> None:
    options = arguments()
    options.run.mkdir(parents=True, exist_ok=True)
    write_start(options, torch.cuda.get_device_name() if options.device == "cuda" else "CPU")
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = True
    train(options)


if __name__ == "__main__":
    main()
