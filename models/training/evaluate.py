#!/usr/bin/env python3
"""Average precision at IoU 0.5 (AP50) of detectors on the pictures that the training never saw.

    python3 evaluate.py --data DIR NAME=FILE.onnx [NAME=FILE.onnx ...] [--size HEIGHT WIDTH]

Two figures per group (person; vehicle: bicycle, car, motorcycle, bus, truck taken together): against boxes drawn by people, for
the classes that they boxed completely; and against the pseudo-labels of held-out sequences. The latter were made by the teacher at
several sizes: they say how near a detector comes to it, and flatter the teacher itself.
"""

import argparse
import json

import cv2
import numpy as np
import onnxruntime

from data import read_picture, read_samples
from model import CLASSES, STRIDES
from teacher import COCO_COLUMNS, cells, corners, iou

GROUPS = {"person": [0], "vehicle": [1, 2, 3, 4, 5]}
SUPPRESSION = np.array([0, 1, 2, 2, 2, 2, 3, 3])  # as the product does: classes that are told apart by the score alone
LEAST_SCORE = 0.02
#: Before suppression, in one picture.
MOST = 500


class Model:
    def __init__(self, file, size):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.size, self.grid = size, cells(*size)

    def detect(self, picture):
        """Boxes [N, 6]: class, x1, y1, x2, y2 in fractions of the picture, score."""
        height, width = self.size
        ratio = min(height / picture.shape[0], width / picture.shape[1])
        scaled = cv2.resize(picture, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_LINEAR if ratio > 1 else cv2.INTER_AREA)
        canvas = np.full((height, width, 3), 114, np.uint8)
        scaled = scaled[:height, :width]
        canvas[: scaled.shape[0], : scaled.shape[1]] = scaled
        blob = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)
        rows = self.session.run(None, {self.session.get_inputs()[0].name: blob})[0][0]
        columns = range(len(CLASSES)) if rows.shape[1] == 5 + len(CLASSES) else COCO_COLUMNS
        scores = rows[:, 4:5] * rows[:, 5:][:, columns]
        best, score = scores.argmax(1), scores.max(1)
        kept = score >= LEAST_SCORE
        boxes = corners(rows[kept, :4], self.grid[kept])
        boxes[:, [0, 2]] = boxes[:, [0, 2]].clip(0, scaled.shape[1]) / scaled.shape[1]
        boxes[:, [1, 3]] = boxes[:, [1, 3]].clip(0, scaled.shape[0]) / scaled.shape[0]
        return suppress(np.concatenate([best[kept, None], boxes, score[kept, None]], 1))


def suppress(found):
    kept, rest = [], found[np.argsort(-found[:, 5])][:MOST]
    groups = SUPPRESSION[rest[:, 0].astype(int)]
    while len(rest):
        kept.append(rest[0])
        free = (groups != groups[0]) | (iou(rest[:, 1:5], rest[0, 1:5]) <= 0.45)
        free[0] = False
        rest, groups = rest[free], groups[free]
    return np.array(kept).reshape(-1, 6)


class Tally:
    """Detections of one group with whether each was right, over all pictures."""

    def __init__(self):
        self.entries, self.expected = [], 0

    def add(self, found, true, doubtful):
        """`found` best first; each true box is found once; what covers a doubtful box counts for nothing."""
        self.expected += len(true)
        free = np.ones(len(true), bool)
        for box in found:
            overlaps = iou(true[:, 1:5], box[1:5]) * free
            if len(true) and overlaps.max() >= 0.5:
                free[overlaps.argmax()] = False
                self.entries.append((box[5], True))
            elif not len(doubtful) or iou(doubtful[:, 1:5], box[1:5]).max() < 0.4:
                self.entries.append((box[5], False))

    def ap(self):
        if not self.expected or not self.entries:
            return 0.0
        right = np.array([each for _, each in sorted(self.entries, key=lambda entry: -entry[0])])
        recall = np.cumsum(right) / self.expected
        precision = np.cumsum(right) / np.arange(1, len(right) + 1)
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        return float(np.sum(np.diff(recall, prepend=0) * envelope))


def compare(files, folder, samples, size=(384, 640)):
    """{name: {'human' | 'pseudo': {group: {'ap50', 'boxes', 'pictures'}}}}"""
    held_out = [sample for sample in samples if sample["held_out"]]
    figures = {}
    for name, file in files.items():
        model = Model(file, size)
        tallies = {(kind, group): [Tally(), 0] for kind in ("human", "pseudo") for group in GROUPS}
        for sample in held_out:
            found = model.detect(read_picture(folder, sample))
            complete = [CLASSES.index(each) for each in sample.get("gt_classes", [])]
            for group, classes in GROUPS.items():
                # Cars alone boxed completely would make a bus that is found look like a false alarm.
                if "gt" in sample and not set(classes) <= set(complete):
                    continue
                kind = tallies["human" if "gt" in sample else "pseudo", group]
                kind[0].add(*(of(classes, boxes) for boxes in (found, sample["positives"], sample["doubtful"])))
                kind[1] += 1
        figures[name] = {
            kind: {
                group: {"ap50": round(100 * tally.ap(), 1), "boxes": tally.expected, "pictures": pictures}
                for (each, group), (tally, pictures) in tallies.items()
                if each == kind
            }
            for kind in ("human", "pseudo")
        }
    return figures


def of(classes, boxes):
    return boxes[np.isin(boxes[:, 0], classes)]


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", required=True)
    words.add_argument("--size", type=int, nargs=2, default=(384, 640))
    words.add_argument("models", nargs="+", metavar="NAME=FILE")
    given = words.parse_args()
    files = dict(each.split("=", 1) for each in given.models)
    print(json.dumps(compare(files, given.data, read_samples(given.data), tuple(given.size)), indent=2))


if __name__ == "__main__":
    main()
