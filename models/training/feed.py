"""Feeds a training on a GPU: processes that read records and change their look, and a pool of the results
in the GPU's memory.

Changing a frame's look costs the CPU some milliseconds, a training step on a GPU a few microseconds a
frame. So every changed frame is drawn more than once, and moved and mirrored anew each time.
"""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, fields
from multiprocessing.queues import Queue
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as multiprocessing
from torch import Tensor

from appearance import change_look
from losses import Batch
from shards import Shards, to_batch

SLOT = 64       # frames that a process hands over at a time
SLOTS = 96
RESCAN_SECONDS = 30.0
SCALARS = ("quality", "shift", "contact", "present", "visible", "history", "weight")


@dataclass
class Frames:
    """Frames as bytes, with everything that a Batch says of them."""

    input: Tensor    # uint8 [N, 3, 256, 256]
    labels: Tensor   # uint8 [N, 64, 64]
    mask: Tensor     # uint8 [N, 64, 64], 0..255
    numbers: Tensor  # float [N, 13]: tip, shaft, then SCALARS

    @staticmethod
    def empty(count: int, device: str = "cpu") -> Frames:
        def of(*shape: int, kind: torch.dtype = torch.uint8) -> Tensor:
            return torch.empty((count, *shape), dtype=kind, device=device)

        return Frames(of(3, 256, 256), of(64, 64), of(64, 64), of(6 + len(SCALARS), kind=torch.float32))

    def put(self, at: slice, frames: Frames) -> None:
        for field in fields(Frames):
            getattr(self, field.name)[at].copy_(getattr(frames, field.name))

    def part(self, at: slice | Tensor) -> Frames:
        return Frames(*(getattr(self, field.name)[at] for field in fields(Frames)))


def packed(batch: Batch) -> Frames:
    scalars = torch.stack([getattr(batch, name) for name in SCALARS], 1)
    return Frames(batch.input.to(torch.uint8), batch.labels, (batch.shaft_mask * 255).round().to(torch.uint8),
                  torch.cat([batch.tip, batch.shaft, scalars], 1))


def unpacked(frames: Frames) -> Batch:
    n = frames.numbers
    scalars = {name: n[:, 6 + k].clone() for k, name in enumerate(SCALARS)}
    return Batch(input=frames.input.float(), labels=frames.labels, shaft_mask=frames.mask.float() / 255,
                 tip=n[:, :2].clone(), shaft=n[:, 2:6].clone(), **scalars)


def change_looks(worker: int, slots: Frames, free: Queue, ready: Queue, directories: list[Path],
                 fold: int | None, seed: int) -> None:
    """One process, until it is ended: fills free slots with frames whose look is changed."""
    torch.set_num_threads(1)
    shards = Shards(directories, fold)
    scanned = time.monotonic()
    turn = 0
    while True:
        if time.monotonic() - scanned > (RESCAN_SECONDS if len(shards.where) else 1.0):
            shards.rescan()
            scanned = time.monotonic()
        if not shards.is_training.any():
            time.sleep(0.5)
            continue
        random = np.random.default_rng([seed, turn, worker])
        batch = to_batch(shards.read(shards.draw(random, SLOT)))
        for k in range(SLOT):
            change_look(batch, k, random)
        slot = free.get()
        slots.put(slice(slot * SLOT, (slot + 1) * SLOT), packed(batch))
        ready.put(slot)
        turn += 1


class Pool:
    """The newest frames with a changed look. A thread takes them over from the processes; a frame that is
    replaced while it is drawn may be half old (a few in a hundred thousand)."""

    def __init__(self, capacity: int, workers: int, directories: list[Path], fold: int | None,
                 seed: int, device: str) -> None:
        capacity -= capacity % SLOT
        self.frames = Frames.empty(capacity, device)
        self.capacity, self.taken, self.device = capacity, 0, device
        slots = Frames.empty(SLOT * SLOTS)
        for field in fields(Frames):
            getattr(slots, field.name).share_memory_()
        context = multiprocessing.get_context("spawn")
        free, ready = context.Queue(), context.Queue()
        for slot in range(SLOTS):
            free.put(slot)
        self.processes = [
            context.Process(target=change_looks, daemon=True,
                            args=(k, slots, free, ready, directories, fold, seed)) for k in range(workers)]
        for process in self.processes:
            process.start()
        self._ended = False
        self._thread = threading.Thread(target=self._take, args=(slots, free, ready), daemon=True)
        self._thread.start()

    def _take(self, slots: Frames, free: Queue, ready: Queue) -> None:
        stream = torch.cuda.Stream() if self.device == "cuda" else None
        while not self._ended:
            try:
                slot = ready.get(timeout=1.0)
            except queue.Empty:
                continue
            at = self.taken % self.capacity
            with torch.cuda.stream(stream):
                self.frames.put(slice(at, at + SLOT), slots.part(slice(slot * SLOT, (slot + 1) * SLOT)))
                if stream:
                    stream.synchronize()
            self.taken += SLOT
            free.put(slot)

    def draw(self, count: int, random: np.random.Generator) -> Batch:
        size = min(self.taken, self.capacity)
        rows = torch.from_numpy(random.integers(0, size, count)).to(self.device)
        return unpacked(self.frames.part(rows))

    def close(self) -> None:
        self._ended = True
        self._thread.join()
        for process in self.processes:
            process.terminate()
