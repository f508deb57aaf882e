"""An endless stream of training batches, made in a process of its own beside the training."""

import signal
from collections import deque

import cv2
import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from augment import compose, degrade, recolour
from teacher import Teacher, cells, targets

#: How often a picture with nothing on it is shown, beside one with people or vehicles.
EMPTY_WEIGHT = 0.35
#: How often each composed picture is used, among how many batches it is mixed, and with how many the training begins.
USES, HELD, FIRST = 2, 32, 4


class Batches(IterableDataset):
    def __init__(self, samples, pack, teacher_file, size, batch, seed):
        self.samples, self.pack, self.teacher_file = samples, pack, teacher_file
        self.size, self.batch, self.seed = size, batch, seed
        weights = np.array([1.0 if (s["positives"][:, 0] < 6).any() else EMPTY_WEIGHT for s in samples])
        self.chances = np.cumsum(weights / weights.sum())

    def pick(self, rng):
        return self.samples[min(int(np.searchsorted(self.chances, rng.random())), len(self.samples) - 1)]

    def feature_scale(self):
        """Mean and deviation [channels] per stride of the teacher's features, of the same few pictures always."""
        rng, teacher = np.random.default_rng(self.seed[0]), Teacher(self.teacher_file)
        seen = [teacher.look(recolour(rng, compose(rng, self.pick, self.pack, 256, 256)[0]))[2] for _ in range(24)]
        levels = [np.concatenate(level) for level in zip(*seen)]
        return [(level.mean(0), level.std(0) + 1e-3) for level in levels]

    def __iter__(self):
        cv2.setNumThreads(0)
        torch.set_num_threads(1)
        worker = get_worker_info()
        if worker:  # the training saves when it is told to end; its helpers just end
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        rng = np.random.default_rng([*self.seed, worker.id if worker else 0])
        teacher, grid = Teacher(self.teacher_file), cells(*self.size)
        scale = self.feature_scale()
        while True:
            parts = zip(*(self._one(rng, teacher, grid, scale) for _ in range(self.batch)))
            yield [torch.from_numpy(np.stack(part)) for part in parts]

    def _one(self, rng, teacher, grid, scale):
        """Picture [H, W, 3] bytes; scores [A, CLASSES], boxes [A, 4], known [A], per stride features [cells, channels] with mean 0 and
        deviation 1."""
        picture, positives, doubtful = compose(rng, self.pick, self.pack, *self.size)
        picture = recolour(rng, picture)
        scores, boxes, features = teacher.look(picture)
        wanted, aims, known = targets(scores, boxes, grid, positives, doubtful)
        goals = (((level - mean) / deviation).astype(np.float16) for level, (mean, deviation) in zip(features, scale))
        return picture, wanted, aims, known, *goals


class Replay:
    """Shows every composed picture several times, degraded anew and among others: composing one, with what the teacher says of
    it, costs as much as learning from it."""

    def __init__(self, dataset, workers):
        cv2.setNumThreads(0)
        self.stream = iter(DataLoader(dataset, batch_size=None, num_workers=workers, prefetch_factor=3 if workers else None))
        self.rng, self.size = np.random.default_rng([*dataset.seed, 1000]), dataset.batch
        self.held, self.drawn = deque(maxlen=HELD), 0

    def __next__(self):
        while len(self.held) < FIRST or self.drawn >= USES * self.size:
            self.held.append(next(self.stream))
            self.drawn = 0
        self.drawn += self.size
        places = [divmod(int(at), self.size) for at in self.rng.choice(len(self.held) * self.size, self.size, replace=False)]
        pictures, *targets = zip(*([part[at] for part in self.held[batch]] for batch, at in places))
        shown = np.stack([degrade(self.rng, picture.numpy()) for picture in pictures])
        return [torch.from_numpy(shown), *(torch.stack(part) for part in targets)]
