"""What recording does to one frame: resampling, noise, JPEG, video codec, gray levels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

FILTERS = (Image.NEAREST, Image.BOX, Image.BILINEAR, Image.BICUBIC)


def capture(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Gray levels 0 to 255 in, the same out, as float32."""
    chance = random.random(4)
    if chance[0] < 0.08:
        image = resample(image, random.uniform(1.3, 2.5), random)
    if chance[1] < 0.35:
        image = add_noise(image, random)
    if chance[2] < 0.14:
        image = jpeg(image, int(random.integers(12, 91)), random)
    elif chance[2] < 0.19:
        image = codec(image, random)
    if chance[3] < 0.05:  # video range: black is 16, white is 235
        low = random.uniform(4, 24)
        image = low + image * ((random.uniform(225, 250) - low) / 255)
    elif chance[3] < 0.08:
        step = 255 / (int(random.integers(10, 40)) - 1)
        image = np.rint(image / step) * step
    return np.clip(image, 0, 255)


def add_noise(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """More where it is bright; half of the time none where it is black."""
    noise = np.frombuffer(random.bytes(2 * image.size), np.int8).reshape(2, *image.shape)
    strength = np.float32(random.uniform(0.01, 0.06) / 104)
    floor = np.float32(76 if random.random() < 0.5 else 0)
    return image + noise.sum(0, dtype=np.float32) * (strength * (image + floor))


def to_picture(image: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(image + 0.5, 0, 255).astype(np.uint8))


def resample(image: np.ndarray, factor: float, random: np.random.Generator) -> np.ndarray:
    """Smaller by the factor, and back."""
    high, wide = image.shape
    down = FILTERS[int(random.integers(1, 4))]
    up = FILTERS[int(random.choice(4, p=(0.1, 0.0, 0.5, 0.4)))]
    small = to_picture(image).resize((round(wide / factor), round(high / factor)), down)
    return np.asarray(small.resize((wide, high), up), np.float32)


def compress(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def jpeg(image: np.ndarray, quality: int, random: np.random.Generator) -> np.ndarray:
    """The blocks of 8 x 8 begin anywhere, as they do in a frame that has been cropped."""
    high, wide = image.shape
    x, y = (int(v) for v in random.integers(0, 8, 2))
    padded = np.pad(image, ((y, 0), (x, 0)), mode="edge")
    return np.asarray(compress(to_picture(padded), quality), np.float32)[y:y + high, x:x + wide]


def codec(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Strong compression at another resolution: blocks that are larger than 8 px, and soft."""
    high, wide = image.shape
    scale = random.uniform(0.5, 1)
    small = to_picture(image).resize((round(wide * scale), round(high * scale)), Image.BILINEAR)
    small = compress(small, int(random.integers(20, 50)))
    return np.asarray(small.resize((wide, high), Image.BICUBIC), np.float32)
