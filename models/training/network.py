"""GuideNet-S4: one small dense network with four heads on a stride-4 grid.

Input  uint8 [N, 3, 256, 256]: intensity, short difference, slow difference (neutral 128).
Output structures [N, 9, 64, 64] logits; tip [N, 5, 64, 64]; shaft [N, 4, 64, 64]; frame [N, 5] logits.
What each channel means is said once, in src/domain/model-manifest.ts.

Dense 3x3 convolutions with ReLU only: they are what ONNX Runtime's CPU kernels (and later int8) are
fast at. Every 3x3 block with equal widths is a residual block whose identity branch is added to the
kernel itself, and batch normalisation folds into the kernel at export, so that the exported graph
is a plain chain of convolutions.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = ("background", "nerve", "artery", "vein", "bone", "fascia", "muscle", "fluid", "injectate")
INPUT_SIZE = 256
STRIDE = 4
GRID = INPUT_SIZE // STRIDE


class ConvBlock(nn.Module):
    """Convolution, batch normalisation, ReLU; an identity branch where the shapes allow one.

    The identity is part of the kernel (a learned gain on its centre tap), so it costs nothing in
    training or afterwards. `fuse()` replaces all of it by one convolution with a bias.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1,
                 dilation: int = 1, relu: bool = True) -> None:
        super().__init__()
        self.stride, self.dilation, self.relu = stride, dilation, relu
        self.padding = dilation * (kernel - 1) // 2 if stride == 1 else kernel // 2
        self.weight = nn.Parameter(torch.empty(outputs, inputs, kernel, kernel))
        nn.init.kaiming_normal_(self.weight, mode="fan_out", nonlinearity="relu")
        self.identity_gain = None
        if inputs == outputs and stride == 1 and kernel > 1:
            self.identity_gain = nn.Parameter(torch.ones(outputs))
            with torch.no_grad():
                self.weight.mul_(0.5)
        self.norm: nn.Module = nn.BatchNorm2d(outputs, momentum=0.03)
        self.bias: nn.Parameter | None = None

    def kernel(self) -> Tensor:
        if self.identity_gain is None:
            return self.weight
        centre = self.weight.shape[-1] // 2
        identity = F.pad(torch.diag(self.identity_gain)[:, :, None, None], (centre,) * 4)
        return self.weight + identity

    def forward(self, x: Tensor) -> Tensor:
        y = F.conv2d(x, self.kernel(), self.bias, self.stride, self.padding, self.dilation)
        y = self.norm(y)
        return F.relu(y, inplace=True) if self.relu else y

    @torch.no_grad()
    def fuse(self) -> None:
        """Fold identity and normalisation into the kernel. For export; not for further training."""
        norm = self.norm
        if not isinstance(norm, nn.BatchNorm2d):
            return
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        fused = self.kernel() * gain[:, None, None, None]
        self.bias = nn.Parameter(norm.bias - norm.running_mean * gain)
        self.weight = nn.Parameter(fused.contiguous())
        self.identity_gain = None
        self.norm = nn.Identity()


class Context(nn.Module):
    """Large receptive field at stride 32: a dilated convolution, plus the average of the whole
    frame added to every cell, so that a cell knows what kind of image it is in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.near = ConvBlock(channels, channels)
        self.far = ConvBlock(channels, channels, dilation=2)
        self.whole = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.far(self.near(x))
        return F.relu(x + self.whole(x.mean(dim=(2, 3), keepdim=True)))


class GuideNet(nn.Module):
    """The network. `forward` takes uint8 or float input in 0..255."""

    def __init__(self, widths: tuple[int, int, int, int] = (32, 48, 80, 128)) -> None:
        super().__init__()
        w4, w8, w16, w32 = widths
        head = 48
        self.stem = nn.Sequential(ConvBlock(3, w4, kernel=7, stride=4), ConvBlock(w4, w4))
        self.to8 = nn.Sequential(ConvBlock(w4, w8, stride=2), ConvBlock(w8, w8))
        self.to16 = nn.Sequential(ConvBlock(w8, w16, stride=2), ConvBlock(w16, w16), ConvBlock(w16, w16))
        self.to32 = nn.Sequential(ConvBlock(w16, w32, stride=2), Context(w32))
        self.up16, self.side16 = nn.Conv2d(w32, w16, 1), nn.Conv2d(w16, w16, 1)
        self.mix16 = nn.Sequential(ConvBlock(w16, w16), ConvBlock(w16, w16))
        self.up8, self.side8 = nn.Conv2d(w16, w8, 1), nn.Conv2d(w8, w8, 1)
        self.mix8 = nn.Sequential(ConvBlock(w8, w8), ConvBlock(w8, w8))
        self.up4, self.side4 = nn.Conv2d(w8, w4, 1), nn.Conv2d(w4, w4, 1)
        self.mix4 = nn.Sequential(ConvBlock(w4, w4), ConvBlock(w4, head))
        self.structures = nn.Sequential(ConvBlock(head, 32), nn.Conv2d(32, len(CLASSES), 1))
        self.needle = ConvBlock(head, 32)
        self.tip = nn.Conv2d(32, 5, 1)
        self.shaft = nn.Conv2d(32, 4, 1)
        self.frame = nn.Sequential(nn.Linear(2 * w32, 64), nn.ReLU(inplace=True), nn.Linear(64, 5))
        with torch.no_grad():
            self.tip.weight[0].mul_(0.1)
            self.tip.bias[0] = -4.6  # a tip is rare: start at one per cent
            self.tip.bias[3:] = -0.7
            self.shaft.bias[0] = -3.0

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        x = frames.to(torch.float32) * (1.0 / 255.0)
        x4 = self.stem(x)
        x8 = self.to8(x4)
        x16 = self.to16(x8)
        x32 = self.to32(x16)
        y16 = self.mix16(self.side16(x16) + double(self.up16(x32)))
        y8 = self.mix8(self.side8(x8) + double(self.up8(y16)))
        y4 = self.mix4(self.side4(x4) + double(self.up4(y8)))
        needle = self.needle(y4)
        whole = torch.cat([x32.mean(dim=(2, 3)), x32.amax(dim=(2, 3))], dim=1)
        return self.structures(y4), self.tip(needle), self.shaft(needle), self.frame(whole)

    def fuse(self) -> GuideNet:
        """Fold every block for export, in place."""
        for module in self.modules():
            if isinstance(module, ConvBlock):
                module.fuse()
        return self.eval()


def double(x: Tensor) -> Tensor:
    """Nearest-neighbour enlargement by exactly two."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
