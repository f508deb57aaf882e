#!/usr/bin/env python3
"""Trains the detector that comes with the program, from a folder of labelled pictures to an ONNX file and its figures.

    python3 run.py --data DIR --teacher FILE.onnx --work DIR --minutes N [--resume detector.pt]

What was done already is not done again: pictures are packed once, and a training that was stopped goes on.
"""

import argparse
import json
from pathlib import Path

import torch

from calibrate import calibrate
from card import card
from data import Pack, read_samples
from evaluate import compare
from export import export
from train import train


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", required=True, help="folder with labels.jsonl, manifest.jsonl and images/")
    words.add_argument("--teacher", required=True, help="YOLOX-nano with free height and width, as ONNX")
    words.add_argument("--work", required=True, help="folder for the packed pictures (4 GB), checkpoints and results")
    words.add_argument("--minutes", type=float, required=True, help="training time in all, earlier runs in this folder counted in")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--threads", type=int, default=1, help="of the training; each worker takes one more")
    words.add_argument("--workers", type=int, default=1, help="processes that make batches")
    words.add_argument("--device", default="cpu", help="cuda where there is a card; the teacher stays on the processor")
    words.add_argument("--batch-times", type=int, default=1, help="batches so many times larger, as a card likes them (8)")
    words.add_argument("--resume", help="weights to begin from (detector.pt of an earlier run)")
    words.add_argument("--pause-file", help="while this file exists, the training waits")
    given = words.parse_args()
    work = Path(given.work)
    work.mkdir(parents=True, exist_ok=True)

    samples = read_samples(given.data)
    pack = Pack(given.data, work, samples)
    learnt = [sample for sample in samples if not sample["held_out"]]
    print(f"{len(learnt)} pictures to learn from, {len(samples) - len(learnt)} held out", flush=True)
    ways = {"threads": given.threads, "workers": given.workers, "weights": given.resume, "pause_file": given.pause_file, "device": given.device, "batch_times": given.batch_times}
    state = train(learnt, pack, given.teacher, work, given.minutes, given.seed, **ways)
    torch.save({name: value.half() if value.is_floating_point() else value for name, value in state.items()}, work / "detector.pt")
    export(state, work / "detector.onnx", *calibrate(state, given.data, learnt, work, given.seed))
    figures = compare({"detector": work / "detector.onnx", "yolox_nano": given.teacher}, given.data, samples)
    (work / "figures.json").write_text(json.dumps(figures, indent=2))
    (work / "card.json").write_text(json.dumps(card(work / "detector.onnx", figures), indent=2) + "\n")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
