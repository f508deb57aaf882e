"""The training set: which pictures are held out, and the pictures decoded once into a file that is mapped into memory.

A training set is a folder with `labels.jsonl` (one object a line: file, w, h, src, boxes [[class, x1, y1, x2, y2, score]], low, gt,
gt_classes, neg; coordinates in fractions of the picture), `manifest.jsonl` (file, path: where it came from) and `images/`.
"""

import hashlib
import json
import re
from pathlib import Path

import cv2
import numpy as np

from model import CLASSES

LONG_SIDE = 512
#: Sources with every person (and vehicle) boxed by a human: held out whole, so that the figures do not rest on a teacher's labels.
HELD_OUT_SOURCES = ("coco128", "vocmap", "caviar")
#: Of the others, this share of sequences (for photographs: of pictures) is held out.
HELD_OUT_SHARE = 0.08
#: Pseudo-labels below this are neither people nor background.
SURE_SCORE = 0.35


def read_samples(folder):
    """The set's pictures in a fixed order, each with `sequence`, `held_out`, and what it shows as `positives` and `doubtful`."""
    folder = Path(folder)
    labels = read_lines(folder / "labels.jsonl")
    paths = {entry["file"]: entry["path"] for entry in read_lines(folder / "manifest.jsonl")}
    numbers = {coco_number(paths[sample["file"]]) for sample in labels if sample["src"] in HELD_OUT_SOURCES} - {None}
    samples = []
    for sample in labels:
        path = paths[sample["file"]]
        sequence = sequence_of(sample["src"], path)
        share = int(hashlib.sha256(sequence.encode()).hexdigest()[:8], 16) / 0x100000000
        held_out = sample["src"] in HELD_OUT_SOURCES or share < HELD_OUT_SHARE
        if not held_out and coco_number(path) in numbers:
            continue  # the same photograph under another name
        positives, doubtful = known_objects(sample)
        samples.append({**sample, "sequence": sequence, "held_out": held_out, "positives": positives, "doubtful": doubtful})
    return samples


def known_objects(sample):
    """Boxes [N, 6]: class, x1, y1, x2, y2 in fractions, score: those that are surely there, and those that may be."""
    positives, doubtful = [], []
    complete = sample.get("gt_classes") or []
    for name, *box in sample.get("gt", []):
        # Human boxes of partial sets are cut and drawn by another rule; the teacher's take their place where it found them.
        if name in complete:
            positives.append([CLASSES.index(name), *box, 1.0])
        else:
            doubtful.append([CLASSES.index(name), *box, 0.5])
    for name, *box, score in sample["boxes"]:
        if name not in complete:
            (positives if score >= SURE_SCORE else doubtful).append([CLASSES.index(name), *box, score])
    for name, *box, score in sample["low"]:
        if name not in complete:
            doubtful.append([CLASSES.index(name), *box, score])
    return np.array(positives, np.float32).reshape(-1, 6), np.array(doubtful, np.float32).reshape(-1, 6)


def sequence_of(source, path):
    """Pictures of one video or one fixed camera share a name, and so do neighbours by number: frames lie beside each other."""
    if source in ("kapw", "office", "park", "occ", "ware"):
        return source  # a single camera: wholly here or wholly there
    if source == "vid":
        return path.split(" @")[0]
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if source in ("camvid", "accid"):  # CLIP_FRAME
        return f"{source} {path.rsplit('/', 2)[-2] if source == 'accid' else ''} {stem.rsplit('_', 1)[0]}"
    numbers = re.findall(r"\d+", stem)
    return f"{source} {re.sub(r'[0-9]+', '', stem)} {int(numbers[-1]) // 50}" if numbers else f"{source} {stem}"


def coco_number(path):
    found = re.search(r"(?:COCO_(?:train|val)2014_|images/train2017/)(\d{12})", path)
    return int(found.group(1)) if found else None


def read_lines(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_picture(folder, sample):
    """BGR, height x width x 3 bytes."""
    picture = cv2.imread(str(Path(folder) / "images" / sample["file"]), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{sample['file']} cannot be read")
    return picture


class Pack:
    """Pictures of up to LONG_SIDE and their halves (for small scales without aliasing), as plain bytes in one file."""

    def __init__(self, folder, work, samples):
        self.file, index_file = Path(work) / "pictures.bin", Path(work) / "pictures.json"
        if not index_file.exists():
            self._write(folder, index_file, samples)
        self.index = json.loads(index_file.read_text())
        self.bytes = np.memmap(self.file, np.uint8, "r")

    def picture(self, file, half):
        offset, height, width = self.index[file][1 if half else 0]
        return self.bytes[offset : offset + height * width * 3].reshape(height, width, 3)

    def _write(self, folder, index_file, samples):
        index, offset = {}, 0
        with open(self.file, "wb") as out:
            for sample in samples:
                picture = read_picture(folder, sample)
                shrink = LONG_SIDE / max(picture.shape[:2])
                if shrink < 1:
                    picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
                half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
                places = []
                for each in (picture, half):
                    out.write(np.ascontiguousarray(each).tobytes())
                    places.append([offset, each.shape[0], each.shape[1]])
                    offset += each.size
                index[sample["file"]] = places
        index_file.write_text(json.dumps(index))
