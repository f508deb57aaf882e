"""What the training makes small: the distance to the wanted scores, boxes, and (through an adapter) the teacher's features."""

import torch
from torch import nn
from torch.nn import functional as F

from model import HEAD, STRIDES, WIDTHS
from teacher import LAST_FEATURES, STAGE_FEATURES

BOX_WEIGHT = 2.0
FEATURE_WEIGHT = 1.0
#: Cells that the teacher scores below this teach no box.
LEAST_SCORE = 0.05
#: The features of cells in no known object, beside 1.3 for those in one.
BACKGROUND_WEIGHT = 0.3


class Adapters(nn.Module):
    """Translates the student's features into the teacher's, per stride; used in training only."""

    def __init__(self):
        super().__init__()
        self.last = nn.ModuleList(nn.Conv2d(HEAD, LAST_FEATURES, 1) for _ in STRIDES)
        self.stages = nn.ModuleList(nn.Conv2d(width, goal, 1) for width, goal in zip(WIDTHS[1:], STAGE_FEATURES))

    def forward(self, stages, towers):
        """Per stride, as the teacher's are laid out: [B, LAST_FEATURES + STAGE_FEATURES, H/s, W/s]."""
        last = [layer(level) for layer, level in zip(self.last, towers)]
        return [torch.cat([a, layer(level)], 1) for a, layer, level in zip(last, self.stages, stages)]


def losses(maps, adapted, batch):
    """Scores, boxes and features: three numbers. `maps` as the detector gives them; `batch` as `Batches` gives it."""
    _, wanted, aims, known, *goals = batch
    rows = torch.cat([level.flatten(2) for level in maps], 2).transpose(1, 2).float()
    logits = rows[:, :, 4:]
    strength = wanted.max(2)[0]
    total = strength.sum().clamp(min=1)
    # Quality focal loss (Li et al. 2020): cells that are right already count for little.
    far = (torch.sigmoid(logits.detach()) - wanted).abs().pow(1.5)
    score_loss = (far * F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")).sum() / total

    taught = strength > LEAST_SCORE
    weight = strength[taught]
    said, aim = rows[:, :, :4][taught], aims[taught]
    overlap = giou(said, aim)
    apart = F.smooth_l1_loss(said, aim, reduction="none", beta=0.3).sum(1)
    box_loss = (weight * (1 - overlap + 0.3 * apart)).sum() / total

    feature_loss = sum(match(seen, goal, part) for seen, goal, part in zip(adapted, goals, known.split([g.shape[1] for g in goals], 1)))
    return score_loss, BOX_WEIGHT * box_loss, FEATURE_WEIGHT * feature_loss / len(STRIDES)


def match(seen, goal, known):
    """Mean squared distance from the teacher's features at one stride; its stages count as much as its last layers."""
    # Laid out with the channels last, as the convolutions left them: nothing is copied to bring cells before channels.
    distance = (seen.permute(0, 2, 3, 1).flatten(1, 2) - goal).float().square()
    distance = distance[:, :, :LAST_FEATURES].mean(2) + distance[:, :, LAST_FEATURES:].mean(2)
    weight = BACKGROUND_WEIGHT + known.float()
    return (weight * distance).sum() / weight.sum()


def giou(a, b):
    """Generalised IoU of boxes [N, 4] given as centre and log size in one unit."""
    a1, a2 = a[:, :2] - a[:, 2:].clamp(max=6).exp() / 2, a[:, :2] + a[:, 2:].clamp(max=6).exp() / 2
    b1, b2 = b[:, :2] - b[:, 2:].exp() / 2, b[:, :2] + b[:, 2:].exp() / 2
    overlap = (torch.minimum(a2, b2) - torch.maximum(a1, b1)).clamp(min=0).prod(1)
    union = (a2 - a1).prod(1) + (b2 - b1).prod(1) - overlap
    hull = (torch.maximum(a2, b2) - torch.minimum(a1, b1)).prod(1)
    return overlap / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)
