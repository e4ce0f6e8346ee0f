"""What screens draw over an image: text, callipers, arrows, focus marks, rulers, guide lines,
colour boxes, logos. None is a needle.

A mark is a layer of cover (0 to 1) in one gray, or in its own grays. A mark that comes within 5 px
of the tip, hides much of the shaft or could be taken for it is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from losses import Batch

SIZE = 256
TIP_CLEARANCE = 5.0    # px between a mark and the tip
SHAFT_CLEARANCE = 6.0  # px between the shaft and a line within PARALLEL of it
PARALLEL = np.radians(15)
SHAFT_COVERED = 0.25   # of the shaft's cells, at most
GLYPHS = "ABCDEFGHIKLMNOPRSTUVWXYZabcdefghiklmnoprstuvxyz0123456789012345678901234567890.:/%-+ "


@dataclass
class Needle:
    tip: np.ndarray    # [2] px, NaN where unknown
    shaft: np.ndarray  # [4] px, entry side to tip, NaN where unknown
    mask: np.ndarray   # [64, 64] 0..1


@dataclass
class Mark:
    cover: np.ndarray  # [256, 256] 0..1
    gray: np.ndarray | float
    lines: tuple[tuple[np.ndarray, np.ndarray], ...] = ()  # (from, to) of its straight lines, px


def place_of_needle(batch: Batch, k: int) -> Needle:
    return Needle(batch.tip[k].numpy(), batch.shaft[k].numpy(), batch.shaft_mask[k].numpy())


def draw_marks(image: np.ndarray, needle: Needle, random: np.random.Generator) -> np.ndarray | None:
    """Draws on the image in place; returns what is covered, or None where nothing is."""
    total = None
    for (draw, share), chance in zip(MARKS, random.random(len(MARKS))):
        if chance >= share:
            continue
        mark = draw(random)
        if not is_harmless(mark, needle):
            continue
        image += mark.cover * (mark.gray - image)
        total = mark.cover if total is None else np.maximum(total, mark.cover)
    return total


def is_harmless(mark: Mark, needle: Needle) -> bool:
    x, y = needle.tip
    if np.isfinite(x) and np.isfinite(y):
        reach = int(TIP_CLEARANCE) + 1
        top, left = max(0, round(float(y)) - reach), max(0, round(float(x)) - reach)
        near = mark.cover[top:max(0, round(float(y)) + reach + 1),
                          left:max(0, round(float(x)) + reach + 1)]
        rows, columns = np.nonzero(near > 0)
        if np.any(np.hypot(rows + top - y, columns + left - x) < TIP_CLEARANCE + 0.5):
            return False
    if any(is_like_shaft(a, b, needle.shaft) for a, b in mark.lines):
        return False
    hidden = (mark.cover[1::4, 1::4] + mark.cover[3::4, 3::4]) * 0.5
    return float((hidden * needle.mask).sum()) <= SHAFT_COVERED * float(needle.mask.sum())


def is_like_shaft(a: np.ndarray, b: np.ndarray, shaft: np.ndarray) -> bool:
    """The line from a to b runs nearly parallel to the shaft and comes close to it."""
    if not np.isfinite(shaft).all():
        return False
    start, end = shaft[:2], shaft[2:]
    axis, line = end - start, b - a
    length = max(1e-3, float(np.hypot(*axis)))
    cross = abs(line[0] * axis[1] - line[1] * axis[0])
    if cross > np.sin(PARALLEL) * length * np.hypot(*line):
        return False
    points = a + np.linspace(0, 1, 24)[:, None] * line
    along = np.clip((points - start) @ axis / length**2, 0, 1)
    return bool(np.any(np.hypot(*(points - start - along[:, None] * axis).T) < SHAFT_CLEARANCE))


def blank() -> np.ndarray:
    return np.zeros((SIZE, SIZE), np.float32)


def mark_gray(random: np.random.Generator) -> float:
    """White mostly; colours turned gray are darker."""
    return float(random.uniform(200, 255) if random.random() < 0.6 else random.uniform(70, 200))


def stamp(cover: np.ndarray, points: np.ndarray, radius: float) -> None:
    """Smooth-edged dots at points [n, 2]."""
    middle = np.rint(points).astype(np.int32)
    reach = int(np.ceil(radius))
    step = np.arange(-reach, reach + 1)
    x = middle[:, 0, None, None] + step[None, None, :]
    y = middle[:, 1, None, None] + step[None, :, None]
    x, y = np.broadcast_arrays(x, y)
    distance = np.hypot(x - points[:, 0, None, None], y - points[:, 1, None, None])
    value = np.clip(radius + 0.5 - distance, 0, 1).astype(np.float32)
    inside = (x >= 0) & (x < SIZE) & (y >= 0) & (y < SIZE) & (value > 0)
    np.maximum.at(cover, (y[inside], x[inside]), value[inside])


def along(a: np.ndarray, b: np.ndarray, step: float) -> np.ndarray:
    count = max(2, int(np.hypot(*(b - a)) / step) + 1)
    return a + np.linspace(0, 1, count)[:, None] * (b - a)


@lru_cache(maxsize=32)
def font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(height)


def write(cover: np.ndarray, text: str, at: np.ndarray, height: int) -> None:
    """One row of text, its top left corner at `at`."""
    patch = Image.new("L", (min(SIZE, len(text) * height), height + height // 3))
    ImageDraw.Draw(patch).text((0, 0), text, fill=255, font=font(height))
    x, y = max(0, int(at[0])), max(0, int(at[1]))
    part = cover[y:y + patch.height, x:x + patch.width]
    glyphs = np.asarray(patch, np.float32)[:part.shape[0], :part.shape[1]] * np.float32(1 / 255)
    np.maximum(part, glyphs, out=part)


def some_text(random: np.random.Generator, most: int) -> str:
    picks = random.integers(0, len(GLYPHS), int(random.integers(2, most + 1)))
    return "".join(GLYPHS[i] for i in picks)


def text(random: np.random.Generator) -> Mark:
    cover = blank()
    height = int(random.integers(6, 15))
    at = random.uniform(0, (SIZE - 40, SIZE - height))
    for row in range(int(random.integers(1, 5))):
        write(cover, some_text(random, 14), at + (0, row * height * 1.15), height)
    return Mark(cover, mark_gray(random))


def callipers(random: np.random.Generator) -> Mark:
    """Two crosses, mostly with a dotted line between them, sometimes with their number."""
    cover = blank()
    a = random.uniform(20, SIZE - 20, 2)
    angle, length = random.uniform(0, 2 * np.pi), random.uniform(15, 140)
    b = np.clip(a + length * np.array([np.cos(angle), np.sin(angle)]), 6, SIZE - 6)
    arm, radius = random.uniform(2, 5.5), random.uniform(0.4, 0.9)
    tilt = np.pi / 4 if random.random() < 0.35 else 0.0
    for end in (a, b):
        for turn in (tilt, tilt + np.pi / 2):
            half = arm * np.array([np.cos(turn), np.sin(turn)])
            stamp(cover, along(end - half, end + half, 0.7), radius)
    lines = ()
    if random.random() < 0.8:
        stamp(cover, along(a, b, random.uniform(2.2, 7)), radius)
        lines = ((a, b),)
    if random.random() < 0.4:
        write(cover, "1234ABD"[int(random.integers(7))], b + 5, 9)
    return Mark(cover, mark_gray(random), lines)


def arrow(random: np.random.Generator) -> Mark:
    """An arrow with or without its stem, or a filled caret."""
    cover = blank()
    head, angle = random.uniform(15, SIZE - 15, 2), random.uniform(0, 2 * np.pi)
    long, open_ = random.uniform(5, 12), random.uniform(0.35, 0.6)
    turns = angle - open_, angle + open_
    barbs = [head + long * np.array([np.cos(turn), np.sin(turn)]) for turn in turns]
    if random.random() < 0.6:
        for barb in barbs:
            stamp(cover, along(head, barb, 0.7), random.uniform(0.5, 1.1))
    else:
        fill(cover, head, *barbs)
    lines = ()
    if random.random() < 0.5:
        end = head + random.uniform(1.5, 3) * long * np.array([np.cos(angle), np.sin(angle)])
        stamp(cover, along(head, end, 0.7), random.uniform(0.5, 1.2))
        lines = ((head, end),)
    return Mark(cover, mark_gray(random), lines)


def fill(cover: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> None:
    u, v = np.meshgrid(np.linspace(0, 1, 14), np.linspace(0, 1, 14))
    u, v = u[u + v <= 1.001], v[u + v <= 1.001]
    stamp(cover, a + u[:, None] * (b - a) + v[:, None] * (c - a), 0.7)


def focus(random: np.random.Generator) -> Mark:
    """One to three triangles at an edge."""
    cover = blank()
    x, way = (random.uniform(0, 14), 1) if random.random() < 0.5 else (random.uniform(242, 255), -1)
    high = random.uniform(2.5, 5)
    for y in random.uniform(30, SIZE - 20, int(random.integers(1, 4))):
        back = x + way * 2 * high
        fill(cover, np.array([x, y]), np.array([back, y - high]), np.array([back, y + high]))
    return Mark(cover, mark_gray(random))


def ruler(random: np.random.Generator) -> Mark:
    """Depth or width ticks in a row, every fifth one longer or with its number."""
    cover = blank()
    upright = random.random() < 0.75
    at, step = random.uniform(2, SIZE - 3), random.uniform(6, 30)
    places = np.arange(random.uniform(0, step), SIZE, step)
    short, radius = random.uniform(0, 3), random.uniform(0.4, 0.9)
    is_numbered = step > 12 and random.random() < 0.5
    for k, place in enumerate(places):
        long = short * (2 if k % 5 == 0 else 1)
        tick = along(np.array([at, place]), np.array([at + long, place]), 0.8)
        stamp(cover, tick if upright else tick[:, ::-1], radius)
        if is_numbered and k % 2 == 0:
            spot = np.array([at + 7, place - 4])
            write(cover, str(k), spot if upright else spot[::-1], 8)
    ends = np.array([[at, 0], [at, SIZE]]) if upright else np.array([[0, at], [SIZE, at]])
    return Mark(cover, mark_gray(random), ((ends[0], ends[1]),))


def guide_lines(random: np.random.Generator) -> Mark:
    """A centre line, or one or two slanting dotted lines of a biopsy guide."""
    cover = blank()
    step, radius = random.uniform(3, 12), random.uniform(0.5, 1.1)
    if random.random() < 0.35:
        x = SIZE / 2 + random.uniform(-12, 12)
        lines = ((np.array([x, 0.0]), np.array([x, SIZE - 1.0])),)
    else:
        a = np.array([random.uniform(-10, SIZE + 10), random.uniform(0, 60)])
        angle = random.uniform(0.25, 1.4)
        way = np.array([np.cos(angle) * (1 if a[0] < SIZE / 2 else -1), np.sin(angle)])
        gap = np.array([0, random.uniform(10, 24)])
        b = a + way * random.uniform(120, 260)
        lines = ((a, b), (a + gap, b + gap)) if random.random() < 0.5 else ((a, b),)
    for a, b in lines:
        stamp(cover, along(a, b, step), radius)
    return Mark(cover, mark_gray(random), lines)


def colour_box(random: np.random.Generator) -> Mark:
    """A rectangle or a slanted box, with blobs of flow turned gray in it."""
    cover = blank()
    wide, high = random.uniform(50, 150), random.uniform(40, 130)
    x, y = random.uniform(4, SIZE - wide - 4), random.uniform(10, SIZE - high - 4)
    slant = random.uniform(-0.4, 0.4) * high if random.random() < 0.5 else 0.0
    corners = np.array([[x, y], [x + wide, y],
                        [x + wide + slant, y + high], [x + slant, y + high]])
    lines = tuple((corners[k], corners[(k + 1) % 4]) for k in range(4))
    outline = mark_gray(random)
    dots = random.uniform(2.2, 5) if random.random() < 0.25 else 0.8
    for a, b in lines:
        stamp(cover, along(a, b, dots), random.uniform(0.4, 0.7))
    gray = np.full_like(cover, outline)
    if random.random() < 0.75:
        rows, columns = int(high), int(wide)
        noise = random.standard_normal((2, rows // 9, columns // 12), np.float32)
        noise[0, [0, -1]] = noise[0, :, [0, -1]] = -1  # flow ends inside the box
        fields = [np.asarray(Image.fromarray(n).resize((columns, rows), Image.BICUBIC))
                  for n in noise]
        blob = (fields[0] - random.uniform(0.2, 0.9)) * random.uniform(3, 10)
        blob = np.clip(blob, 0, random.uniform(0.75, 1))
        top, left = int(y), int(x)
        shift = (np.arange(rows) * slant / high).astype(int)
        columns_at = np.clip(left + shift[:, None] + np.arange(columns), 0, SIZE - 1)
        rows_at = np.broadcast_to(top + np.arange(rows)[:, None], columns_at.shape)
        flow = random.uniform(50, 150) + random.uniform(15, 60) * fields[1]
        is_free = blob > cover[rows_at, columns_at]
        cover[rows_at[is_free], columns_at[is_free]] = blob[is_free]
        gray[rows_at[is_free], columns_at[is_free]] = np.clip(flow[is_free], 20, 235)
    return Mark(cover, gray, lines)


def logo(random: np.random.Generator) -> Mark:
    """A ring or disc with letters in it, mostly near a corner."""
    cover = blank()
    radius = random.uniform(5, 12)
    at = np.where(random.random(2) < 0.5, random.uniform(radius, 40, 2),
                  SIZE - random.uniform(radius, 40, 2))
    round_ = random.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi, int(radius * 9))
    ring = np.stack([np.cos(round_), np.sin(round_)], 1)
    for part in np.linspace(0.2, 1, 8) if random.random() < 0.3 else (1.0,):
        stamp(cover, at + radius * part * ring, random.uniform(0.6, 1.2))
    if random.random() < 0.7:
        write(cover, some_text(random, 3), at - radius / 2, max(6, int(radius)))
    return Mark(cover, mark_gray(random))


MARKS = ((text, 0.08), (callipers, 0.07), (arrow, 0.05), (focus, 0.04), (ruler, 0.06),
         (guide_lines, 0.06), (colour_box, 0.05), (logo, 0.03))
