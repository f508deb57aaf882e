#!/usr/bin/env python3
"""Writes a smaller copy of a training set, to be taken to a machine with a graphics card: the same labels, smaller pictures.

    python3 shrink.py --data DIR --out DIR [--side 320] [--quality 65]
"""

import argparse
import shutil
from pathlib import Path

import cv2

from data import read_lines, read_picture


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", required=True)
    words.add_argument("--out", required=True)
    words.add_argument("--side", type=int, default=320, help="longest side of a picture in pixels")
    words.add_argument("--quality", type=int, default=65, help="of the JPEG files")
    given = words.parse_args()
    out = Path(given.out)
    (out / "images").mkdir(parents=True, exist_ok=True)
    for name in ("labels.jsonl", "manifest.jsonl"):
        shutil.copyfile(Path(given.data) / name, out / name)
    for sample in read_lines(out / "labels.jsonl"):
        picture = read_picture(given.data, sample)
        shrink = given.side / max(picture.shape[:2])
        if shrink < 1:
            picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(out / "images" / sample["file"]), picture, [cv2.IMWRITE_JPEG_QUALITY, given.quality])


if __name__ == "__main__":
    main()
