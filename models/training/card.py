#!/usr/bin/env python3
"""Writes the model card that goes with a trained detector: how to run it, what was measured, and whether it counts as basic.

    python3 card.py --model detector.onnx --figures figures.json --out ../threshold_small.json [--footage OWN.json OTHER.json]

`figures.json` comes from `run.py` or `evaluate.py` and names two models: the detector and the one beside it. OWN.json and OTHER.json
are what `npm run eval -- DIR --json --model NAME` prints for them.
"""

import argparse
import hashlib
import json
from pathlib import Path

from model import CLASSES, STRIDES

NAME = "threshold_small"
#: Reached on both groups, boxes drawn by people, the detector is as good a default as any; below, a better one is recommended.
DEFAULT_SHARE = 0.85
KINDS = {"human": "boxes drawn by people", "pseudo": "labels of the teacher at several sizes"}


def card(model, figures, footage=()):
    own, (other_name, other) = figures["detector"], next(item for item in figures.items() if item[0] != "detector")
    groups = own["human"]
    good = all(own["human"][group]["ap50"] >= DEFAULT_SHARE * other["human"][group]["ap50"] for group in groups)
    measured = [
        {
            "what": f"AP50 {group}, {own[kind][group]['boxes']} {words} in {own[kind][group]['pictures']} held-out pictures, 384x640",
            "value": own[kind][group]["ap50"],
            "beside": {other_name: other[kind][group]["ap50"]},
        }
        for kind, words in KINDS.items()
        for group in groups
    ]
    return {
        "name": NAME,
        "title": "Threshold Small" if good else "Threshold Small (basic)",
        "file": f"{NAME}.onnx",
        "sha256": hashlib.sha256(Path(model).read_bytes()).hexdigest(),
        "sourceUrl": None,
        "licence": "comes with the program",
        "preference": -10,  # behind every other model that is installed
        "basic": not good,
        "measured": measured + measured_on(footage, other_name),
        "input": {"layout": "NCHW", "channelOrder": "BGR", "scale": 1, "padValue": 114, "multiple": 32, "defaultSize": [384, 640]},
        "decoder": {"kind": "yolox", "strides": list(STRIDES)},
        "classes": CLASSES,
        "labels": {name: name for name in CLASSES},
    }


def measured_on(footage, other_name):
    if not footage:
        return []
    own, other = (json.loads(Path(file).read_text())["total"] for file in footage)
    return [
        {"what": f"{kind} {word} in %, footage of fixed cameras", "value": percent(own[kind][word]), "beside": {other_name: percent(other[kind][word])}}
        for kind in ("crossings", "tailgating")
        for word in ("precision", "recall")
    ]


def percent(share):
    return round(100 * share, 1)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--model", required=True)
    words.add_argument("--figures", required=True)
    words.add_argument("--footage", nargs=2, default=())
    words.add_argument("--out", required=True)
    given = words.parse_args()
    text = card(given.model, json.loads(Path(given.figures).read_text()), given.footage)
    Path(given.out).write_text(json.dumps(text, indent=2) + "\n")


if __name__ == "__main__":
    main()
