"""The detector: a small, fully convolutional, anchor-free network of plain 3x3 convolutions.

Input [B, 3, H, W], BGR 0..255, H and W multiples of 32. Per stride (8, 16, 32) a map of 4 + CLASSES channels: centre offset from
the cell and log size, both in units of the stride, and class logits. Plain convolutions with ReLU are chosen because they run
fast on one thread of a processor, both in training and in ONNX Runtime, where depthwise ones and SiLU do not.
"""

import torch
from torch import nn
from torch.nn import functional as F

CLASSES = ["person", "bicycle", "car", "motorcycle", "bus", "truck", "cat", "dog"]
STRIDES = (8, 16, 32)
WIDTHS = (32, 64, 128, 128)  # channels at strides 4, 8, 16, 32
NECK = 64
HEAD = 64


def conv(inputs, outputs, size=3, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.03, eps=1e-3),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)

    def forward(self, x):
        return x + self.second(self.first(x))


class Partial(nn.Module):
    """Half of the channels go through the residual blocks, and every stage of them goes on (as in YOLOv8's C2f)."""

    def __init__(self, inputs, outputs, count):
        super().__init__()
        half = outputs // 2
        self.bypass, self.entry = conv(inputs, half, 1), conv(inputs, half, 1)
        self.blocks = nn.ModuleList(Residual(half) for _ in range(count))
        self.exit = conv(half * (count + 2), outputs, 1)

    def forward(self, x):
        parts = [self.bypass(x), self.entry(x)]
        for block in self.blocks:
            parts.append(block(parts[-1]))
        return self.exit(torch.cat(parts, 1))


class Pool(nn.Module):
    """Sees the whole picture at stride 32: maxima over ever larger windows (SPPF)."""

    def __init__(self, width):
        super().__init__()
        self.entry, self.exit = conv(width, width // 2, 1), conv(width * 2, width, 1)

    def forward(self, x):
        parts = [self.entry(x)]
        for _ in range(3):
            parts.append(F.max_pool2d(parts[-1], 5, 1, 2))
        return self.exit(torch.cat(parts, 1))


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        w4, w8, w16, w32 = WIDTHS
        self.stem = nn.Sequential(conv(3, w4, 6, 4), conv(w4, w4))
        self.stem[0][0].padding = (1, 1)  # 6x6 windows every 4 pixels: exactly a quarter of the size
        self.stage8 = nn.Sequential(conv(w4, w8, 3, 2), Partial(w8, w8, 1))
        self.stage16 = nn.Sequential(conv(w8, w16, 3, 2), Partial(w16, w16, 2))
        self.stage32 = nn.Sequential(conv(w16, w32, 3, 2), Partial(w32, w32, 1), Pool(w32))
        self.lateral32, self.lateral16, self.lateral8 = conv(w32, NECK, 1), conv(w16, NECK, 1), conv(w8, NECK, 1)
        self.down16 = Partial(2 * NECK, NECK, 1)
        self.down8 = Partial(2 * NECK, NECK, 1)
        self.up16, self.up32 = conv(NECK, NECK, 3, 2), conv(NECK, NECK, 3, 2)
        self.join16, self.join32 = Partial(2 * NECK, NECK, 1), Partial(2 * NECK, NECK, 1)
        self.towers = nn.ModuleList(conv(NECK, HEAD) for _ in STRIDES)
        self.outputs = nn.ModuleList(nn.Conv2d(HEAD, 4 + len(CLASSES), 1) for _ in STRIDES)
        for layer in self.outputs:
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
            nn.init.constant_(layer.bias[2:4], 0.7)
            nn.init.constant_(layer.bias[4:], -4.6)  # a score of 0.01 everywhere to begin with

    def features(self, x):
        """What the stages and the towers see at each stride: two lists of [B, channels, H/s, W/s]."""
        # Centred here, so that the card can say 'scale 1, no mean' and nothing is done to a picture before it.
        x = (x - 114.0) * (1 / 64)
        at8 = self.stage8(self.stem(x))
        at16 = self.stage16(at8)
        at32 = self.stage32(at16)
        stages = [at8, at16, at32]
        at32 = self.lateral32(at32)
        at16 = self.down16(torch.cat([F.interpolate(at32, scale_factor=2.0), self.lateral16(at16)], 1))
        at8 = self.down8(torch.cat([F.interpolate(at16, scale_factor=2.0), self.lateral8(at8)], 1))
        at16 = self.join16(torch.cat([self.up16(at8), at16], 1))
        at32 = self.join32(torch.cat([self.up32(at16), at32], 1))
        return stages, [tower(level) for tower, level in zip(self.towers, (at8, at16, at32))]

    def forward(self, x):
        stages, towers = self.features(x)
        return [layer(level) for layer, level in zip(self.outputs, towers)], stages, towers


class Exported(nn.Module):
    """Output [1, N, 5 + CLASSES] as YOLOX lays it out, so that its decoder reads it: objectness is the best class's score."""

    def __init__(self, detector, factor=1.0, shift=0.0):
        super().__init__()
        self.detector = detector
        with torch.no_grad():  # of the class logits: see calibrate.py
            for layer in detector.outputs:
                layer.weight[4:] *= factor
                layer.bias[4:] = layer.bias[4:] * factor + shift

    def forward(self, images):
        maps, _, _ = self.detector(images)
        rows = torch.cat([level.flatten(2) for level in maps], 2).transpose(1, 2)
        scores = torch.sigmoid(rows[:, :, 4:])
        best = scores.max(2, keepdim=True)[0]
        return torch.cat([rows[:, :, :4], best, scores / best.clamp(min=1e-6)], 2)
