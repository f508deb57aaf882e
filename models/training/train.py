"""Trains the detector for a given time: small pictures first, then larger. Goes on where it was stopped."""

import ctypes
import json
import math
import signal
import sys
import time
from pathlib import Path

import torch

from batches import Batches, Replay
from losses import Adapters, losses
from model import Detector

#: Until this share of the time: height, width, batch.
PHASES = ((0.68, 256, 256, 8), (0.9, 320, 384, 5), (1.0, 384, 640, 4))
RATE, LAST_RATE, WARM_STEPS = 1e-3, 1e-5, 200
DECAY = 0.02
AVERAGING = 0.9985
SAVE_SECONDS, KEEP_SECONDS = 240, 1200


class Training:
    """Everything that a checkpoint holds."""

    def __init__(self, device="cpu"):
        self.device = torch.device(device)
        self.model, self.average, self.adapters = (each().to(self.device) for each in (Detector, Detector, Adapters))
        self.average.load_state_dict(self.model.state_dict())
        decayed = [p for p in self.parameters() if p.dim() > 1]
        plain = [p for p in self.parameters() if p.dim() == 1]
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY}, {"params": plain, "weight_decay": 0.0}], lr=RATE)
        self.step, self.seconds = 0, 0.0

    def parameters(self):
        return [*self.model.parameters(), *self.adapters.parameters()]

    def save(self, file):
        parts = {name: getattr(self, name).state_dict() for name in ("model", "average", "adapters", "optimizer")}
        fresh = Path(f"{file}.part")
        torch.save({**parts, "step": self.step, "seconds": self.seconds}, fresh)
        fresh.replace(file)

    def load(self, file):
        saved = torch.load(file, map_location=self.device)
        for name in ("model", "average", "adapters", "optimizer"):
            getattr(self, name).load_state_dict(saved[name])
        self.step, self.seconds = saved["step"], saved["seconds"]

    def begin_from(self, weights):
        """Weights without the state of a training: `detector.pt` of an earlier run."""
        state = {name: value.float() if value.is_floating_point() else value for name, value in torch.load(weights, map_location="cpu").items()}
        self.model.load_state_dict(state)
        self.average.load_state_dict(state)

    def average_in(self):
        keep = min(AVERAGING, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, value in zip(self.average.state_dict().values(), self.model.state_dict().values()):
                if mean.is_floating_point():
                    mean.mul_(keep).add_(value, alpha=1 - keep)
                else:
                    mean.copy_(value)


def train(samples, pack, teacher_file, work, minutes, seed=1, threads=1, workers=1, weights=None, pause_file=None, device="cpu", batch_times=1):
    """Returns the averaged weights; told to end (SIGTERM, Ctrl-C), it saves and exits. Writes `last.pt` (to go on from), `kept-NNN.pt` and `log.jsonl` into `work`."""
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    keep_memory()
    work, training = Path(work), Training(device)
    last = work / "last.pt"
    if last.exists():
        training.load(last)
    elif weights:
        training.begin_from(weights)
    budget = minutes * 60
    stream, phase, saved, kept, sums = None, None, training.seconds, training.seconds, [0.0] * 4
    clock = time.monotonic()
    ended = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: ended.append(number))
    with open(work / "log.jsonl", "a", encoding="utf-8") as log:
        while training.seconds < budget:
            if ended:
                training.save(last)
                sys.exit(f"Saved after {training.seconds / 60:.0f} minutes; the same command goes on from there.")
            share = training.seconds / budget
            current = next(each for each in PHASES if share < each[0])
            if current != phase:
                phase = current
                _, height, width, batch = phase
                data = Batches(samples, pack, teacher_file, (height, width), batch * batch_times, [seed, training.step])
                stream = Replay(data, workers)
            while pause_file and Path(pause_file).exists() and not ended:
                time.sleep(2)
                clock = time.monotonic()
            rate = RATE * min(1, (training.step + 1) / WARM_STEPS)
            rate = LAST_RATE + (rate - LAST_RATE) * (1 + math.cos(math.pi * share)) / 2
            parts = take_step(training, next(stream), rate)
            sums = [total + part for total, part in zip(sums, [*parts, 1])]
            now = time.monotonic()
            training.seconds, clock = training.seconds + now - clock, now
            if training.step % 50 == 0:
                means = [round(total / sums[3], 4) for total in sums[:3]]
                entry = {"step": training.step, "minutes": round(training.seconds / 60, 2), "size": phase[1:3], "rate": round(rate, 6)}
                print(json.dumps({**entry, "scores": means[0], "boxes": means[1], "features": means[2]}), file=log, flush=True)
                sums = [0.0] * 4
            if training.seconds - saved > SAVE_SECONDS:
                saved = training.seconds
                training.save(last)
            if training.seconds - kept > KEEP_SECONDS:
                kept = training.seconds
                torch.save(training.average.state_dict(), work / f"kept-{int(kept / 60):03d}.pt")
    training.save(last)
    return {name: value.cpu() for name, value in training.average.state_dict().items()}


def keep_memory():
    """Large tensors reuse the process's memory rather than asking for fresh pages at every step: a third of the time, with glibc."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except OSError:
        return
    for setting, value in ((-4, 0), (-1, 2**31 - 1), (-2, 2**28)):  # no mmap; never trim; grow by 256 MB
        mallopt(setting, value)


def take_step(training, batch, rate):
    """One batch; returns the three losses as numbers."""
    training.model.train()
    for group in training.optimizer.param_groups:
        group["lr"] = rate
    batch = [part.to(training.device) for part in batch]
    pictures = batch[0].permute(0, 3, 1, 2).float()
    with torch.autocast(training.device.type, dtype=torch.bfloat16):
        maps, stages, towers = training.model(pictures)
        adapted = training.adapters(stages, towers)
    parts = losses(maps, adapted, batch)
    training.optimizer.zero_grad(set_to_none=True)
    sum(parts).backward()
    torch.nn.utils.clip_grad_norm_(training.parameters(), 10.0)
    training.optimizer.step()
    training.step += 1
    training.average_in()
    return [float(part.detach()) for part in parts]
