"""Targets on the network's grid, and the losses.

Every target that a record does not know is NaN or 255 there and masked here. A cell's centre is at
input pixel (i + 0.5) * 4 - 0.5; offsets and sigmas are in cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from network import CLASSES, GRID, STRIDE

NERVE, ARTERY, VEIN, FLUID, INJECTATE = (
    CLASSES.index(name) for name in ("nerve", "artery", "vein", "fluid", "injectate"))
NEITHER_NERVE_NOR_VESSEL, VESSEL, UNKNOWN = 253, 254, 255
MOTION_PX = 1.5  # tissue shift between two frames above which the probe counts as moving

CLASS_WEIGHT = {"background": 0.5, "nerve": 3.0, "artery": 3.0, "vein": 3.0, "bone": 1.5,
                "fascia": 1.0, "muscle": 0.5, "fluid": 4.0, "injectate": 2.5}
VESSEL_WEIGHT = 5.0
HIDDEN_WEIGHT = 2.0  # of a needle whose tip cannot be seen, among the frames that must show no tip
LOSS_WEIGHT = {"tip": 1.0, "offset": 1.0, "sigma": 0.1, "shaft": 1.0, "dice": 0.5, "angle": 1.0,
               "axis": 0.5, "present": 1.0, "in_plane": 0.5, "quality": 0.2, "contact": 0.2,
               "motion": 0.2, "classes": 1.0, "class_dice": 0.5}


@dataclass
class Batch:
    """One batch of records as tensors; see shards.py for the fields."""

    input: Tensor       # float [N, 3, 256, 256] in 0..255
    labels: Tensor      # uint8 [N, 64, 64]
    shaft_mask: Tensor  # float [N, 64, 64] in 0..1
    tip: Tensor         # float [N, 2] input pixels
    shaft: Tensor       # float [N, 4] input pixels, entry side to tip
    quality: Tensor
    shift: Tensor
    contact: Tensor
    present: Tensor     # float [N]
    visible: Tensor     # float [N]: the tip is in plane and can be seen
    history: Tensor     # float [N]
    weight: Tensor      # float [N]


def to_cells(px: Tensor) -> Tensor:
    return (px + 0.5) / STRIDE - 0.5


def grid(device: torch.device) -> tuple[Tensor, Tensor]:
    axis = torch.arange(GRID, dtype=torch.float32, device=device)
    return axis[None, None, :], axis[None, :, None]


def tip_targets(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Heat [N, h, w] with 1 in the tip's cell, x and y offsets to the tip, core mask (3 x 3)."""
    x, y = grid(batch.tip.device)
    tip = to_cells(batch.tip)
    dx = tip[:, 0, None, None] - x
    dy = tip[:, 1, None, None] - y
    shown = (batch.visible > 0.5)[:, None, None] & torch.isfinite(dx) & torch.isfinite(dy)
    dx, dy = torch.where(shown, dx, 99.0), torch.where(shown, dy, 99.0)
    # Gaussian around the cell that holds the tip, so that exactly one cell is fully positive.
    cx, cy = torch.round(tip[:, 0, None, None]) - x, torch.round(tip[:, 1, None, None]) - y
    heat = torch.where(shown, torch.exp(-0.5 * (cx**2 + cy**2)), 0.0)
    core = (dx.abs() < 1.6) & (dy.abs() < 1.6)
    return heat, dx, dy, core


def tip_losses(out: Tensor, batch: Batch, train_sigma: bool) -> dict[str, Tensor]:
    heat, dx, dy, core = tip_targets(batch)
    logit = out[:, 0]
    p = torch.sigmoid(logit)
    peak = heat > 0.999
    found = -F.logsigmoid(logit) * (1 - p) ** 2 * peak
    quiet = -F.logsigmoid(-logit) * p**2 * (1 - heat) ** 4 * ~peak
    weight = batch.weight[:, None, None]
    hidden = ((batch.present > 0.5) & (batch.visible < 0.5))[:, None, None]
    weight = torch.where(hidden, HIDDEN_WEIGHT * weight, weight)
    tips = peak.sum().clamp(min=1)
    losses = {"tip": ((found + quiet) * weight).sum() / tips}
    count = core.sum().clamp(min=1)
    ex, ey = out[:, 1] - dx, out[:, 2] - dy
    losses["offset"] = ((ex.abs() + ey.abs()) * core).sum() / count
    if train_sigma:
        shaft = batch.shaft
        angle = torch.atan2(shaft[:, 3] - shaft[:, 1], shaft[:, 2] - shaft[:, 0])[:, None, None]
        known = core & torch.isfinite(angle)
        angle = torch.nan_to_num(angle)
        ex, ey = ex.detach().clamp(-3, 3), ey.detach().clamp(-3, 3)
        along = ex * torch.cos(angle) + ey * torch.sin(angle)
        across = ey * torch.cos(angle) - ex * torch.sin(angle)
        sigma = out[:, 3:5].clamp(-4, 3)
        nll = (0.5 * (along**2 * torch.exp(-2 * sigma[:, 0]) + across**2 * torch.exp(-2 * sigma[:, 1]))
               + sigma[:, 0] + sigma[:, 1])
        losses["sigma"] = (nll * known).sum() / known.sum().clamp(min=1)
    return losses


def shaft_losses(out: Tensor, batch: Batch) -> dict[str, Tensor]:
    target = batch.shaft_mask
    logit = out[:, 0]
    weight = batch.weight[:, None, None]
    positive = 1 + 4 * target
    bce = F.binary_cross_entropy_with_logits(logit, target, reduction="none") * positive
    p = torch.sigmoid(logit)
    has = target.amax(dim=(1, 2)) > 0.3
    dice = 1 - (2 * (p * target).sum((1, 2)) + 1) / ((p**2).sum((1, 2)) + (target**2).sum((1, 2)) + 1)
    losses = {"shaft": 4 * (bce * weight).mean(), "dice": (dice * has).sum() / has.sum().clamp(min=1)}
    x, y = grid(out.device)
    shaft = torch.nan_to_num(batch.shaft)
    angle = torch.atan2(shaft[:, 3] - shaft[:, 1], shaft[:, 2] - shaft[:, 0])[:, None, None]
    cells = (target > 0.3) & torch.isfinite(batch.shaft[:, 0])[:, None, None]
    count = cells.sum().clamp(min=1)
    cos2, sin2 = torch.cos(2 * angle), torch.sin(2 * angle)
    losses["angle"] = (((out[:, 1] - cos2).abs() + (out[:, 2] - sin2).abs()) * cells).sum() / count
    # Vector from the cell's centre to its foot on the axis, then its length along the *predicted*
    # normal: where the angle wraps from pi to 0 the normal turns round and the offset with it.
    rx = to_cells(shaft[:, 0])[:, None, None] - x
    ry = to_cells(shaft[:, 1])[:, None, None] - y
    offset = -rx * torch.sin(angle) + ry * torch.cos(angle)
    guess = (0.5 * torch.atan2(out[:, 2], out[:, 1])).detach() % torch.pi
    side = torch.cos(angle - guess)
    near = cells & (offset.abs() < 2)
    error = (out[:, 3] - offset * torch.sign(side)).abs() * near
    losses["axis"] = error.sum() / near.sum().clamp(min=1)
    return losses


def masked_bce(logit: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    known = torch.isfinite(target)
    loss = F.binary_cross_entropy_with_logits(logit, torch.nan_to_num(target), reduction="none")
    return (loss * known * weight).sum() / (known * weight).sum().clamp(min=1e-6)


def frame_losses(out: Tensor, batch: Batch) -> dict[str, Tensor]:
    moving = torch.where(torch.isfinite(batch.shift) & (batch.history > 0.5),
                         (batch.shift > MOTION_PX).float(), torch.nan)
    return {
        "present": masked_bce(out[:, 0], batch.present, batch.weight),
        "in_plane": masked_bce(out[:, 1], batch.visible, batch.weight),
        "quality": masked_bce(out[:, 2], batch.quality, torch.ones_like(batch.weight)),
        "contact": masked_bce(out[:, 3], 1 - batch.contact, torch.ones_like(batch.weight)),
        "motion": masked_bce(out[:, 4], moving, torch.ones_like(batch.weight)),
    }


def class_losses(out: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """Cross-entropy and Dice with partial labels: an undecided vessel is artery or vein, and
    'neither nerve nor vessel' only says what a cell is not."""
    labels = labels.long()
    logp = F.log_softmax(out, dim=1)
    p = logp.exp()
    weights = torch.tensor([CLASS_WEIGHT[name] for name in CLASSES], device=out.device)
    full = labels < len(CLASSES)
    safe = torch.where(full, labels, 0)
    exact = -logp.gather(1, safe[:, None])[:, 0] * weights[safe] * full
    vessel = torch.logsumexp(logp[:, [ARTERY, VEIN]], dim=1)
    # 'Neither' as the log-sum of the other classes: exact where 1 - p would lose all precision.
    rest = [c for c in range(len(CLASSES)) if c not in (NERVE, ARTERY, VEIN)]
    neither = torch.logsumexp(logp[:, rest], dim=1)
    loss = exact - vessel * (labels == VESSEL) * VESSEL_WEIGHT - neither * (labels == NEITHER_NERVE_NOR_VESSEL)
    known = labels != UNKNOWN
    losses = {"classes": loss.sum() / known.sum().clamp(min=1)}
    dice = []
    for probability, truth in (
        (p[:, NERVE], labels == NERVE),
        (p[:, ARTERY] + p[:, VEIN], (labels == ARTERY) | (labels == VEIN) | (labels == VESSEL)),
        (p[:, FLUID], labels == FLUID),
        (p[:, INJECTATE], labels == INJECTATE),
    ):
        a, b = probability * known, truth.float()
        overlap = 2 * (a * b).sum((1, 2)) + 4
        area = (a**2).sum((1, 2)) + b.sum((1, 2)) + 4
        here = truth.any(2).any(1)
        dice.append(((1 - overlap / area) * here).sum() / here.sum().clamp(min=1))
    losses["class_dice"] = 1.5 * dice[0] + 1.5 * dice[1] + 0.3 * dice[2] + 0.3 * dice[3]
    return losses


def total_loss(outputs: tuple[Tensor, ...], batch: Batch, train_sigma: bool) -> tuple[Tensor, dict[str, Tensor]]:
    structures, tip, shaft, frame = (o.float() for o in outputs)
    losses = tip_losses(tip, batch, train_sigma)
    losses |= shaft_losses(shaft, batch)
    losses |= frame_losses(frame, batch)
    losses |= class_losses(structures, batch.labels)
    total = sum(LOSS_WEIGHT[name] * value for name, value in losses.items())
    return total, {name: value.detach() for name, value in losses.items()}


def distillation_loss(outputs: tuple[Tensor, ...], teacher: tuple[Tensor, ...]) -> Tensor:
    """How far a network is from a larger one on the same frames: where the tip is and the shaft, as
    probabilities; the structures and what is said of the frame, as cross-entropy."""
    structures, tip, shaft, frame = (o.float() for o in outputs)
    t_structures, t_tip, t_shaft, t_frame = (o.detach().float() for o in teacher)
    heat = (torch.sigmoid(tip[:, 0]) - torch.sigmoid(t_tip[:, 0])).square().sum((1, 2)).mean()
    mask = (torch.sigmoid(shaft[:, 0]) - torch.sigmoid(t_shaft[:, 0])).square().mean()
    classes = F.kl_div(F.log_softmax(structures, 1), F.log_softmax(t_structures, 1),
                       reduction="none", log_target=True).sum(1).mean()
    said = F.binary_cross_entropy_with_logits(frame, torch.sigmoid(t_frame))
    return heat + 20 * mask + classes + said
