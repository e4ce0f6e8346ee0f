"""Starts a training from an exported network instead of from random weights.

An exported network has its normalisation folded into the kernels. `load_exported` reads them back
as blocks that do exactly the same, and `restore_statistics` then measures each block's mean and
variance on training frames, so that batch normalisation in training mode changes nothing either.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from network import ConvBlock, GuideNet


@torch.no_grad()
def load_exported(net: GuideNet, path: Path) -> None:
    """Copy the weights of `path`, an fp32 export of the same architecture, into `net`, in place."""
    found = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
             for tensor in onnx.load(path).graph.initializer}
    for name, module in net.named_modules():
        if isinstance(module, ConvBlock):
            fuse_into(module, take(found, f"{name}.weight", path), take(found, f"{name}.bias", path))
        elif isinstance(module, (nn.Conv2d, nn.Linear)):
            module.weight.copy_(take(found, f"{name}.weight", path))
            module.bias.copy_(take(found, f"{name}.bias", path))


def take(found: dict[str, Tensor], name: str, path: Path) -> Tensor:
    if name not in found:
        raise ValueError(f"{path}: expected a weight named {name} (an fp32 export of this network), "
                         f"found {', '.join(sorted(found)[:5])} …")
    return found[name]


def fuse_into(block: ConvBlock, kernel: Tensor, bias: Tensor) -> None:
    norm = block.norm
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(bias)
    block.weight.copy_(kernel)
    if block.identity_gain is not None:
        block.identity_gain.fill_(1)
        block.weight.sub_(block.kernel() - block.weight)


@torch.no_grad()
def restore_statistics(net: GuideNet, inputs: Iterable[Tensor]) -> None:
    """Give every block the mean and variance that its convolution has on `inputs`, float
    [N, 3, 256, 256] in 0..255, and the gain and bias that keep its output the same."""
    blocks = [module for module in net.modules() if isinstance(module, ConvBlock)]
    sums: dict[nn.Module, list[Tensor]] = {block.norm: [] for block in blocks}

    def note(norm: nn.Module, given: tuple[Tensor, ...], _: Tensor) -> None:
        x = given[0].double()
        sums[norm].append(torch.stack([x.mean((0, 2, 3)), (x**2).mean((0, 2, 3))]))

    hooks = [block.norm.register_forward_hook(note) for block in blocks]
    net.eval()
    for batch in inputs:
        net(batch)
    for hook in hooks:
        hook.remove()
    net.train()
    for norm, seen in sums.items():
        mean, square = torch.stack(seen).mean(0)
        variance = (square - mean**2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)
