"""Label-preserving augmentation of a batch. What moves pixels moves every label with them."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from losses import Batch

NEUTRAL = 128.0


def augment(batch: Batch, random: np.random.Generator) -> Batch:
    flip(batch, random)
    move(batch, random)
    if_motion(batch, random)
    intensity(batch, random)
    return batch


def flip(batch: Batch, random: np.random.Generator) -> None:
    """Mirror left and right: half of the frames. Needles come from both sides."""
    which = torch.from_numpy(random.random(len(batch.tip)) < 0.5)
    for name in ("input", "labels", "shaft_mask"):
        value = getattr(batch, name)
        value[which] = value[which].flip(-1)
    width = batch.input.shape[-1]
    batch.tip[which, 0] = width - 1 - batch.tip[which, 0]
    batch.shaft[which, 0::2] = width - 1 - batch.shaft[which, 0::2]


def move(batch: Batch, random: np.random.Generator) -> None:
    """Small rotation, scale, shear of the aspect and shift: 60 % of the frames."""
    count, size = len(batch.tip), batch.input.shape[-1]
    on = random.random(count) < 0.6
    angle = np.where(on, random.uniform(-12, 12, count), 0) * np.pi / 180
    scale = np.where(on, np.exp(random.uniform(-0.2, 0.25, count)), 1)
    aspect = np.where(on, np.exp(random.uniform(-0.1, 0.1, count)), 1)
    shift = np.where(on[:, None], random.uniform(-0.12, 0.12, (count, 2)), 0)
    # forward: normalised input coordinates -> where they go
    c, s = np.cos(angle), np.sin(angle)
    forward = np.empty((count, 2, 3), np.float32)
    forward[:, 0, 0], forward[:, 0, 1] = c * scale * aspect, -s * scale
    forward[:, 1, 0], forward[:, 1, 1] = s * scale * aspect, c * scale
    forward[:, :, 2] = shift
    inverse = np.linalg.inv(forward[:, :, :2])
    theta = np.concatenate([inverse, -inverse @ forward[:, :, 2:]], 2).astype(np.float32)
    rows = torch.from_numpy(np.flatnonzero(on))
    if len(rows) == 0:
        return
    theta_t = torch.from_numpy(theta)[rows]

    def warp(value: Tensor, fill: Tensor | float, mode: str) -> Tensor:
        where = F.affine_grid(theta_t, list(value.shape), align_corners=False)
        return F.grid_sample(value - fill, where, mode=mode, padding_mode="zeros",
                             align_corners=False) + fill

    fill = torch.tensor([0.0, NEUTRAL, NEUTRAL])[:, None, None]
    batch.input[rows] = warp(batch.input[rows], fill, "bilinear")
    batch.shaft_mask[rows] = warp(batch.shaft_mask[rows, None], 0.0, "bilinear")[:, 0]
    labels = warp(batch.labels[rows, None].float(), 255.0, "nearest")[:, 0]
    batch.labels[rows] = labels.round().to(torch.uint8)

    def place(points: Tensor) -> Tensor:
        unit = (points + 0.5) * (2 / size) - 1
        f = torch.from_numpy(forward)
        moved = torch.einsum("nij,nj->ni", f[:, :, :2], unit) + f[:, :, 2]
        return (moved + 1) * (size / 2) - 0.5

    batch.tip = place(batch.tip)
    batch.shaft = torch.cat([place(batch.shaft[:, :2]), place(batch.shaft[:, 2:])], 1)
    batch.shift = batch.shift * torch.from_numpy(scale.astype(np.float32))
    gone = torch.isfinite(batch.tip).all(1) & ((batch.tip < 2) | (batch.tip > size - 3)).any(1)
    batch.visible[gone] = 0.0  # moved out of the frame: no longer a visible tip
    nothing = gone & (batch.shaft_mask.amax((1, 2)) < 0.3)
    batch.present[nothing] = torch.nan


def if_motion(batch: Batch, random: np.random.Generator) -> None:
    """Take the motion channels away from some frames, so that a first frame and a still work."""
    which = torch.from_numpy(random.random(len(batch.tip)) < 0.2)
    batch.input[which, 1:] = NEUTRAL
    batch.history[which] = 0.0


def intensity(batch: Batch, random: np.random.Generator) -> None:
    """Gain, gamma, contrast, shadow, blur, noise and JPEG on the intensity; the gain also scales
    the differences, as it would have."""
    count, size = len(batch.tip), batch.input.shape[-1]

    def some(probability: float, low: float, high: float, otherwise: float) -> Tensor:
        on = random.random(count) < probability
        value = np.where(on, random.uniform(low, high, count), otherwise)
        return torch.from_numpy(value.astype(np.float32))[:, None, None]

    image = batch.input[:, 0] / 255
    gain = torch.exp(some(0.6, -0.45, 0.45, 0.0))
    image = image.clamp(min=0) ** torch.exp(some(0.5, -0.45, 0.45, 0.0)) * gain
    image = torch.where(image > 0, image + some(0.3, -0.08, 0.08, 0.0) * (image > 0.02), image)
    across = torch.linspace(0, 1, size)
    centre, width = some(1, 0, 1, 0), some(1, 0.03, 0.15, 0)
    depth = some(0.3, 0.2, 0.6, 0.0)
    start = some(1, -0.2, 0.6, 0)
    column = torch.exp(-0.5 * ((across[None, None, :] - centre) / width) ** 2)
    below = torch.sigmoid((across[None, :, None] - start) * 40)
    image = image * (1 - depth * column * below)
    soft = F.avg_pool2d(image[:, None], 3, 1, 1)[:, 0]
    image = image + some(0.35, -0.5, 0.9, 0.0) * (soft - image)  # sharpen or blur
    strength = some(0.35, 0.01, 0.06, 0.0)
    if float(strength.max()) > 0:
        noise = torch.from_numpy(random.standard_normal(image.shape, dtype=np.float32))
        image = image + noise * strength * (0.3 + image)
    image = (image * 255).clamp(0, 255)
    for k in np.flatnonzero(random.random(count) < 0.15):
        image[k] = jpeg(image[k], int(random.integers(35, 90)))
    batch.input[:, 0] = image.round()
    motion = (batch.input[:, 1:] - NEUTRAL) * gain[:, None] + NEUTRAL
    batch.input[:, 1:] = motion.round().clamp(0, 255)


def jpeg(image: Tensor, quality: int) -> Tensor:
    buffer = io.BytesIO()
    Image.fromarray(image.round().to(torch.uint8).numpy()).save(buffer, "JPEG", quality=quality)
    return torch.from_numpy(np.asarray(Image.open(buffer), np.float32).copy())
