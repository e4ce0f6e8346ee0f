"""Other scanners and settings for one frame: gray map, depth gain, shadow, speckle, smoothing.

Gray levels are 0 to 255. Screen marks are drawn after the scanner's chain and before the capture's,
as in a real recording.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from capture import capture
from losses import UNKNOWN, Batch
from screen_marks import draw_marks, place_of_needle

NEUTRAL = 128.0
DARK = 20.0  # a tip whose pixels are all below this is not seen
UNTOUCHED = 0.08  # share of the frames whose gray levels stay as they are


def change_look(batch: Batch, k: int, random: np.random.Generator) -> None:
    """Frame k of the batch, in place. What scales the echoes scales their differences too; what a
    mark covers neither moves nor shows a class."""
    if random.random() < UNTOUCHED:
        batch.input[k, 0].round_()
        return
    levels = batch.input[k, 0].numpy()
    field = depth_gain(random) * column_shadow(random)
    if random.random() < 0.04:
        field = field * lose_contact(batch, k, random)
    before = np.clip(levels + 0.5, 0, 255).astype(np.uint8)
    map_ = gray_map(random)
    image = map_[before] * field
    factor = keep_in_range(before, image, batch.tip[k].numpy())
    image *= np.float32(factor)
    slope = min(2.0, factor * float(map_[200]) / 200)
    if random.random() < 0.05:
        image = add_streak(image, random)
    if random.random() < 0.05:
        image = add_ring_down(image, random)
    if random.random() < 0.15:
        image *= 1 + random.uniform(0.05, 0.3) * grain(random)
    image = np.clip(smooth_or_sharpen(image, random), 0, 255)
    if batch.visible[k] > 0.5 and brightest_near(image, batch.tip[k].numpy()) < DARK:
        batch.visible[k] = 0.0
    cover = draw_marks(image, place_of_needle(batch, k), random)
    levels[:] = np.rint(capture(image, random))
    still = 1.0
    if cover is not None:
        cells = cover.reshape(64, 4, 64, 4).mean((1, 3))
        batch.labels[k][torch.from_numpy(cells > 0.6)] = UNKNOWN
        still = 1 - cover
    if batch.history[k] > 0.5:
        motion = batch.input[k, 1:].numpy()
        motion -= NEUTRAL
        motion *= np.float32(slope) * field * still
        motion += NEUTRAL
        np.clip(np.rint(motion, out=motion), 0, 255, out=motion)


def keep_in_range(before: np.ndarray, image: np.ndarray, tip: np.ndarray) -> float:
    """Factor after which at most 15 % of the lit pixels are nearly white, the tip does not drown in
    white and a frame is not darker than any scanner shows it."""
    samples, changed = before[::8, ::8], image[::8, ::8]
    is_lit = samples > 4
    if not is_lit.any():
        return 1.0
    last = int(0.85 * np.count_nonzero(is_lit))
    bright = max(1.0, float(np.sort(changed[is_lit])[last]))
    target = min(60.0, float(np.sort(samples[is_lit])[last]))
    factor = min(235 / bright, max(1.0, min(3.0, target / bright)))
    around = around_tip(image, tip, 12)
    if around.size:
        factor = min(factor, 170 / max(1.0, float(around.mean())))
    return factor


def brightest_near(image: np.ndarray, tip: np.ndarray) -> float:
    """The brightest gray within two pixels of a tip; 255 where there is no tip to look at."""
    around = around_tip(image, tip, 2)
    return float(around.max()) if around.size else 255.0


def around_tip(image: np.ndarray, tip: np.ndarray, reach: int) -> np.ndarray:
    """The square of `reach` pixels to each side of a tip, as far as it is in the image; empty without a tip."""
    x, y = np.rint(np.nan_to_num(tip, nan=-99)).astype(int)
    return image[max(0, y - reach):max(0, y + reach + 1), max(0, x - reach):max(0, x + reach + 1)]


def gray_map(random: np.random.Generator) -> np.ndarray:
    """Output gray for each of 256 input grays: gamma, contrast, map, gain and offset. Black stays
    black."""
    v = np.arange(256, dtype=np.float32) / 255
    black = np.minimum(1, v * (255 / 6))
    chance = random.random(5)
    if chance[0] < 0.5:
        width = 0.7 if chance[0] < 0.15 else 0.45
        v = v ** np.exp(random.uniform(-width, width))
    if chance[1] < 0.12:
        strength = random.uniform(1, 3.5)  # saturating: bright echoes merge
        v = (1 - np.exp(-strength * v)) / (1 - np.exp(-strength))
    elif chance[1] < 0.2:
        v = v + random.uniform(0.3, 1) * (v * v * (3 - 2 * v) - v)  # steep in the middle
    elif chance[1] < 0.32:
        reject = random.uniform(0.02, 0.1 if chance[1] < 0.25 else 0.36)  # faint echoes are not shown
        v = np.maximum(0, v - reject) / (1 - reject * random.uniform(0, 1))
    if chance[2] < 0.25:
        middle = random.uniform(0.3, 0.5)
        v = (v - middle) * np.exp(random.uniform(-0.4, 0.35)) + middle
    if chance[3] < 0.65:
        width = 0.7 if chance[3] < 0.2 else 0.45
        v = v * np.exp(random.uniform(-width, width))
    if chance[4] < 0.3:
        v = v + random.uniform(-0.08, 0.08)
    return (np.clip(v, 0, 1.5) * black * 255).astype(np.float32)


def depth_gain(random: np.random.Generator, size: int = 256) -> np.ndarray:
    """Time gain sliders: a factor for each row, a tilt or a smooth curve [size, 1]; 35 %."""
    y = np.linspace(-1, 1, size, dtype=np.float32)[:, None]
    kind = random.random()
    if kind < 0.2:
        return np.exp(np.float32(random.uniform(-0.6, 0.6)) * y)
    if kind < 0.35:
        waves = sum(random.normal(0, 0.2) * np.sin(f * y + random.uniform(0, 6.3))
                    for f in (1.5, 3, 5, 8))
        return np.exp(np.clip(waves, -0.7, 0.5)).astype(np.float32)
    return np.ones((1, 1), np.float32)


def column_shadow(random: np.random.Generator, size: int = 256) -> np.ndarray:
    """A soft shadow from some depth downwards: 30 %."""
    if random.random() > 0.3:
        return np.ones((1, 1), np.float32)
    unit = np.linspace(0, 1, size, dtype=np.float32)
    column = np.exp(-0.5 * ((unit - random.uniform(0, 1)) / random.uniform(0.03, 0.15)) ** 2)
    below = 1 / (1 + np.exp(-40 * (unit - random.uniform(-0.2, 0.6))))
    shadow = 1 - random.uniform(0.2, 0.6) * below[:, None] * column[None, :]
    return shadow.astype(np.float32)


def lose_contact(batch: Batch, k: int, random: np.random.Generator) -> np.ndarray:
    """One side of the probe off the skin: a factor for each column [1, size]. The tip's side stays;
    in the dark, classes are unknown and a shaft is not seen. Quality and contact become unknown."""
    size = batch.input.shape[-1]
    x = np.arange(size, dtype=np.float32)
    mask = batch.shaft_mask[k].numpy()
    at = float(batch.tip[k, 0])
    if not np.isfinite(at):
        at = float(np.average(np.arange(64), weights=mask.sum(0) + 1e-6)) * 4
    edge = random.uniform(0.25, 0.6) * size
    if at < size / 2:  # dark on the right
        distance = x - max(size - edge, at + 24)
    else:
        distance = min(edge, at - 24) - x
    left = random.uniform(0.02, 0.25)
    factor = 1 - (1 - left) / (1 + np.exp(-distance / random.uniform(2, 8)))
    dark = factor[2::4] < 0.4
    had_shaft = mask.max() >= 0.3
    mask[:, dark] = 0
    batch.labels[k].numpy()[:, dark] = UNKNOWN
    batch.contact[k] = batch.quality[k] = torch.nan
    if had_shaft and mask.max() < 0.3 and batch.visible[k] < 0.5:
        batch.present[k] = torch.nan
    return factor[None, :].astype(np.float32)


def add_streak(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A wide faint bright band, sigma 4 to 10 px, of some length: fascia or a side lobe, no needle.
    Not outside the echo data."""
    y, x = np.mgrid[0:64, 0:64].astype(np.float32) * 4 + 1.5
    angle = random.uniform(-0.9, 0.9) if random.random() < 0.8 else random.uniform(0, np.pi)
    cx, cy = random.uniform(40, 216, 2)
    c, s = np.cos(angle), np.sin(angle)
    along, across = (x - cx) * c + (y - cy) * s, (y - cy) * c - (x - cx) * s
    band = np.exp(-0.5 * (across / random.uniform(4, 10)) ** 2
                  - np.abs(along / random.uniform(30, 110)) ** 4)
    wide = Image.fromarray(band.astype(np.float32)).resize(image.shape[::-1], Image.BILINEAR)
    # In proportion to the echoes around: a band in speckle is speckle, too.
    return image + np.asarray(wide) * random.uniform(0.2, 0.9) * np.minimum(image + 8, 90)


def add_ring_down(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One to three bright strands that run down from the probe, evenly banded: gas or a badly coupled
    element, no needle. Not outside the echo data."""
    size = image.shape[0]
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    depth = random.uniform(0.3, 0.95) * size
    middle = random.uniform(0.1, 0.9) * size + random.uniform(-0.12, 0.12) * y
    bands = 1 + random.uniform(0, 0.4) * np.sin(y * random.uniform(0.3, 1.2))
    fall = bands / (1 + np.exp((y - depth) / random.uniform(4, 40)))
    strands = np.zeros_like(image)
    for _ in range(random.integers(1, 4)):
        across = (x - middle) / random.uniform(1.5, 6)
        strands += random.uniform(0.3, 1) * np.exp(-0.5 * across**2) * fall
        middle = middle + random.uniform(4, 14)
    return image + random.uniform(0.3, 1.2) * strands * np.minimum(image + 8, 90)


def grain(random: np.random.Generator, size: int = 256) -> np.ndarray:
    """Low-pass noise of about unit scale; a grain measures 1 to 3 px, wider than high."""
    high = random.uniform(1, 2.5)
    wide = min(3.0, high * random.uniform(1, 2))
    rows, columns = int(size / high), int(size / wide)
    noise = np.frombuffer(random.bytes(2 * rows * columns), np.int8).reshape(2, rows, columns)
    noise = noise.sum(0, dtype=np.float32) / 90
    if (rows, columns) == (size, size):
        return noise
    return np.asarray(Image.fromarray(noise).resize((size, size), Image.BICUBIC))


def soften(image: np.ndarray) -> np.ndarray:
    """Binomial 3 x 3; twice gives 5 x 5."""
    padded = np.pad(image, 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) * np.float32(1 / 16)


def smooth_or_sharpen(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The scanner's own filters: blur or edge enhancement, 3 x 3 or 5 x 5, or smoothing that keeps
    strong edges; 45 % of the frames."""
    kind = random.random()
    if kind > 0.45:
        return image
    soft = soften(image)
    if kind < 0.22:
        return image + random.uniform(-0.6, 1) * (soft - image)
    softer = soften(soft)
    change = softer - image
    if kind < 0.35:
        return image + random.uniform(-0.9, 1) * change
    if kind < 0.38:  # strongly smoothed
        return soften(soften(softer))
    keep = np.float32(random.uniform(8, 30))
    return image + change / (1 + (change / keep) ** 2)
