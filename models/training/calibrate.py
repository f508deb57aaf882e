"""Makes scores mean what they say: of detections with score 0.6, six in ten are right. A detector that learns from a teacher's doubts
says less than it knows, and the product drops what is below its threshold."""

import numpy as np
import torch

from data import read_picture
from evaluate import GROUPS, Model, Tally, of
from export import export

PICTURES = 500


def calibrate(state, folder, samples, work, seed=1):
    """Factor and shift of the logits, fitted on pictures that the detector learnt from (those held out stay unseen)."""
    file = work / "uncalibrated.onnx"
    export(state, file)
    model = Model(file, (384, 640))
    chosen = np.random.default_rng(seed).choice(len(samples), min(PICTURES, len(samples)), replace=False)
    entries = []
    for sample in (samples[at] for at in chosen):
        found = model.detect(read_picture(folder, sample))
        for classes in GROUPS.values():
            tally = Tally()
            tally.add(*(of(classes, boxes) for boxes in (found, sample["positives"], sample["doubtful"])))
            entries += tally.entries
    return fit(*(torch.tensor(each, dtype=torch.float64) for each in zip(*entries)))


def fit(scores, right):
    """Platt scaling: logistic regression of `right` (0 or 1) on the logits of `scores`."""
    logits = torch.logit(scores.clamp(1e-4, 1 - 1e-4))
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=100)

    def loss():
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(line[0] * logits + line[1], right)
        value.backward()
        return value

    optimizer.step(loss)
    return tuple(line.tolist())
