"""Label-preserving augmentation of a batch. What moves pixels moves every label with them.

All chance comes from the generator that is passed in: the same generator, the same batch.
`appearance.py` changes the gray levels, `screen_marks.py` draws what screens draw and `capture.py`
does what recording does.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from appearance import change_look
from losses import UNKNOWN, Batch

NEUTRAL = 128.0
SHAFT_LEVEL = 0.3  # of the shaft mask: less anywhere is no shaft to learn


def augment(batch: Batch, random: np.random.Generator) -> Batch:
    move_and_mirror(batch, random)
    for k in range(len(batch.tip)):
        change_look(batch, k, random)
    return batch


def move_and_mirror(batch: Batch, random: np.random.Generator) -> None:
    """All but the look. The batch may lie on any device; the look is drawn on the CPU, frame by frame."""
    flip(batch, random)
    take_motion(batch, random)
    move(batch, random)
    change_motion(batch, random)


def flip(batch: Batch, random: np.random.Generator) -> None:
    """Mirror left and right: half of the frames, needles come from both sides. Upside down (probe
    at the bottom): 6 %."""
    mirror = random.random(len(batch.tip)) < 0.5
    turn = random.random(len(batch.tip)) < 0.06
    last = batch.input.shape[-1] - 1
    for axis, which in ((0, mirror), (1, turn)):
        rows = torch.from_numpy(np.flatnonzero(which))
        for name in ("input", "labels", "shaft_mask"):
            value = getattr(batch, name)
            value[rows] = value[rows].flip(-1 - axis)
        batch.tip[rows, axis] = last - batch.tip[rows, axis]
        batch.shaft[rows, axis::2] = last - batch.shaft[rows, axis::2]


def take_motion(batch: Batch, random: np.random.Generator) -> None:
    """Take the motion channels away from 35 % of the frames, so that a first frame and a still
    work: with the records that have none more than half. Another 10 % lose one of the two, and 6 %
    get the motion of another frame: what moves is not yet a needle."""
    count = len(batch.tip)
    chance, channel = random.random(count), random.integers(1, 3, count)
    still = torch.from_numpy(chance < 0.35)
    batch.input[still, 1:] = NEUTRAL
    batch.history[still] = 0.0
    for k in np.flatnonzero((chance >= 0.35) & (chance < 0.45)):
        batch.input[k, int(channel[k])] = NEUTRAL
        if channel[k] == 1:  # the difference to the last frame: what tells the probe's motion
            batch.shift[k] = torch.nan
    lent = np.flatnonzero((chance >= 0.45) & (chance < 0.51))
    others = torch.from_numpy(random.integers(0, count, len(lent)))
    batch.input[lent, 1:] = batch.input[others, 1:]
    batch.history[lent] = batch.history[others]
    batch.shift[lent] = batch.shift[others]


def change_motion(batch: Batch, random: np.random.Generator) -> None:
    """Stronger or weaker differences (factor 0.3 to 2, 40 % of the frames) and noise in them."""
    count, size = len(batch.tip), batch.input.shape[-1]
    factor = np.exp(random.uniform(np.log(0.3), np.log(2), count))
    noise = random.uniform(1, 8, count)
    moving = batch.history.cpu().numpy() > 0.5
    scaled, noisy = random.random(count) < 0.4, random.random(count) < 0.15
    rows = torch.from_numpy(np.flatnonzero(moving & scaled))
    factors = torch.from_numpy(factor.astype(np.float32)).to(batch.input.device)[rows, None, None, None]
    batch.input[rows, 1:] = ((batch.input[rows, 1:] - NEUTRAL) * factors + NEUTRAL).clamp_(0, 255)
    # The sum of two bytes: near enough to normal. One grain for the batch, rolled to another place for each frame.
    grain = np.frombuffer(random.bytes(4 * size * size), np.int8).reshape(2, 2, size, size).sum(0, dtype=np.float32)
    grain = torch.from_numpy(grain / 104).to(batch.input.device)
    by = random.integers(0, size, (count, 2))
    for k in np.flatnonzero(moving & noisy):
        rolled = torch.roll(grain, tuple(by[k].tolist()), (1, 2))
        batch.input[k, 1:] = (batch.input[k, 1:] + rolled * float(noise[k])).clamp_(0, 255)


def move(batch: Batch, random: np.random.Generator) -> None:
    """Rotation, scale, aspect and shift: 60 % of the frames. A tenth of all frames are turned by up
    to 30 degrees, a tenth are cut out and enlarged up to 1.8 times, 8 % are shrunk down to 0.6."""
    size = batch.input.shape[-1]
    on, forward = draw_moves(batch, random)
    device = batch.input.device
    rows = torch.from_numpy(np.flatnonzero(on)).to(device)
    if len(rows) == 0:
        return
    inverse = np.linalg.inv(forward[:, :, :2])
    theta = np.concatenate([inverse, -inverse @ forward[:, :, 2:]], 2).astype(np.float32)
    theta_t, forward_t = torch.from_numpy(theta).to(device), torch.from_numpy(forward).to(device)
    scale = torch.sqrt(torch.linalg.det(forward_t[:, :, :2]))

    def warp(value: Tensor, of: Tensor, fill: float, mode: str) -> Tensor:
        where = F.affine_grid(theta_t[of], list(value.shape), align_corners=False)
        return F.grid_sample(value - fill, where, mode=mode, padding_mode="zeros",
                             align_corners=False) + fill

    small = rows[scale[rows] < 0.8]
    if len(small):  # the kernel of 1 2 1 against aliasing
        soft = F.avg_pool2d(F.pad(batch.input[small], (1, 1, 1, 1), mode="replicate"), 2, 1)
        batch.input[small] = F.avg_pool2d(soft, 2, 1)
    batch.input[rows, :1] = warp(batch.input[rows, :1], rows, 0.0, "bilinear")
    moving = rows[batch.history[rows] > 0.5]
    if len(moving):
        batch.input[moving, 1:] = warp(batch.input[moving, 1:], moving, NEUTRAL, "bilinear")
    had_shaft = batch.shaft_mask.amax((1, 2)) >= SHAFT_LEVEL
    batch.shaft_mask[rows] = warp(batch.shaft_mask[rows, None], rows, 0.0, "bilinear")[:, 0]
    labels = warp(batch.labels[rows, None].float(), rows, float(UNKNOWN), "nearest")[:, 0]
    batch.labels[rows] = labels.round().to(torch.uint8)

    def is_outside(points: Tensor) -> Tensor:
        return ((points < 2) | (points > size - 3)).any(1)

    def place(points: Tensor) -> Tensor:
        unit = (points + 0.5) * (2 / size) - 1
        moved = torch.einsum("nij,nj->ni", forward_t[:, :, :2], unit) + forward_t[:, :, 2]
        return (moved + 1) * (size / 2) - 0.5

    was_outside = is_outside(batch.tip)
    batch.tip = place(batch.tip)
    batch.shaft = torch.cat([place(batch.shaft[:, :2]), place(batch.shaft[:, 2:])], 1)
    batch.shift = batch.shift * scale
    gone = is_outside(batch.tip)  # comparisons with NaN are false
    batch.visible[gone] = 0.0  # moved out of the frame: no longer a visible tip
    bare = batch.shaft_mask.amax((1, 2)) < SHAFT_LEVEL
    lost = was_outside | gone | (had_shaft & (batch.visible < 0.5))
    batch.present[bare & lost & (batch.present != 0)] = torch.nan


def draw_moves(batch: Batch, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which frames move, and how: matrices [N, 2, 3] from normalised coordinates (-1..1) to where
    they go."""
    count, size = len(batch.tip), batch.input.shape[-1]
    zoom = random.random(count)
    enlarged, shrunk = zoom < 0.10, zoom > 0.92
    on = (random.random(count) < 0.6) | enlarged | shrunk
    angle = np.where(random.random(count) < 0.1, random.uniform(-30, 30, count),
                     random.uniform(-12, 12, count)) * np.pi / 180
    scale = np.exp(random.uniform(-0.2, 0.25, count))
    scale = np.where(enlarged, random.uniform(1.25, 1.8, count), scale)
    scale = np.where(shrunk, random.uniform(0.6, 0.8, count), scale)
    aspect = np.exp(np.where(random.random(count) < 0.15, random.uniform(-0.25, 0.25, count),
                             random.uniform(-0.1, 0.1, count)))
    reach = np.where(enlarged, scale - 1, np.where(shrunk, 0.2, 0.12))
    shift = random.uniform(-1, 1, (count, 2)) * reach[:, None]
    c, s = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([c * scale * aspect, -s * scale], 1),
                     np.stack([s * scale * aspect, c * scale], 1)], 1)
    # Most cut-outs keep a visible tip: frames that show one are the scarcer kind.
    keep = enlarged & (batch.visible.cpu().numpy() > 0.5) & (random.random(count) < 0.7)
    tip = np.einsum("nij,nj->ni", turn, (batch.tip.cpu().numpy() + 0.5) * (2 / size) - 1)
    shift = np.where(keep[:, None], np.clip(shift, -0.85 - tip, 0.85 - tip), shift)
    forward = np.concatenate([turn, shift[:, :, None]], 2)
    forward[~on] = np.eye(2, 3)
    return on, forward.astype(np.float32)
