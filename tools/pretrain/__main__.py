"""Trains the starter backbone.

Usage: python tools/pretrain TINY_IMAGENET --teacher FOLDER --work FOLDER [--steps 20000] [--out models/starter]

A MobileNetV2 with ImageNet weights says what it sees in ever new views of 64 px photos: features, and scores for a
thousand classes. The student learns to see the same, and the photos' own labels beside it. Every few minutes it writes
a checkpoint into the work folder, and a probe of how good its features are. Stopped at any point, it goes on from there
when called again; with more steps than it has had, it goes on learning.

Needs PyTorch beside the program: ``pip install torch``.
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from learn import Learner, prepared
from photos import Photos, read_tiny_imagenet
from pool import Pool
from sklearn.linear_model import LogisticRegression
from student import Student, save, to_keras
from teacher import Teacher
from view_maker import SIZE, ViewMaker

ROUND_VIEWS = 16_384
STEPS_A_ROUND = 448
BATCH = 128
SMALL, SMALL_UNTIL = 64, 0.85


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, help="folder of Tiny ImageNet")
    parser.add_argument("--teacher", type=Path, required=True, help="folder with the weights of MobileNetV2 1.0")
    parser.add_argument("--work", type=Path, required=True, help="folder for views and checkpoints; some 10 GB")
    parser.add_argument("--steps", type=int, default=20_000, help=f"batches of {BATCH} views to learn in all")
    parser.add_argument("--rounds", type=int, default=12, help="rounds of views kept on disk")
    parser.add_argument("--out", type=Path, help="folder that the finished weights are written to")
    options = parser.parse_args()
    train, validation, classes = read_tiny_imagenet(options.photos)
    maker = ViewMaker(torch.from_numpy(train.pixels), torch.from_numpy(train.labels), len(classes))
    options.work.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(options.teacher, options.work)
    pool = Pool(options.work / "views", options.rounds)
    learner = Learner(teacher, _mean_features(maker, teacher), len(classes))
    checkpoint = options.work / "checkpoint.pt"
    if checkpoint.is_file():
        learner.load(checkpoint)
    while learner.step < options.steps:
        number = learner.step // STEPS_A_ROUND
        pool.make(number, ROUND_VIEWS, maker, teacher)
        _learn_round(learner, pool, options.steps, min((number + 1) * STEPS_A_ROUND, options.steps))
        learner.save(checkpoint)
        if number % 4 == 3:
            print(f"  probe {probe(_settled(learner, pool), validation):.3f}", flush=True)
    student = _settled(learner, pool)
    print(f"probe at the end {probe(student, validation):.3f}")
    out: Path = options.out or options.work
    out.mkdir(parents=True, exist_ok=True)
    save(to_keras(student), out / "starter.weights.h5")
    rows = [f"{wordnet_id}\t{name}\n" for wordnet_id, name in classes.items()]
    (out / "classes.tsv").write_text("".join(rows), encoding="utf-8")


def _mean_features(maker: ViewMaker, teacher: Teacher) -> torch.Tensor:
    """The mean of the teacher's features over two thousand views."""
    generator = torch.Generator().manual_seed(0)
    order = torch.randperm(maker.photos, generator=generator)[:2048]
    return torch.cat([teacher.look(maker.make(index, generator)[0]) for index in order.split(64)]).mean(0)


def _learn_round(learner: Learner, pool: Pool, steps: int, until: int) -> None:
    random = np.random.default_rng([1, learner.step])
    sums: dict[str, float] = defaultdict(float)
    begun = time.monotonic()
    first = learner.step
    while learner.step < until:
        share = learner.step / steps
        size = SMALL if share < SMALL_UNTIL else SIZE
        for name, loss in learner.learn(pool.draw(BATCH, random), size, share).items():
            sums[name] += loss
    seconds, learnt = time.monotonic() - begun, learner.step - first
    learner.seconds += seconds
    speed = BATCH * learnt / seconds
    losses = " ".join(f"{name} {total / learnt:.3f}" for name, total in sums.items())
    print(f"{learner.seconds / 60:6.1f} min  step {learner.step}  {speed:.0f} views/s  {losses}", flush=True)


def _settled(learner: Learner, pool: Pool) -> Student:
    """The averaged student with statistics of its own."""
    random = np.random.default_rng(0)
    student: Student = learner.average
    student.settle_statistics([prepared(pool.draw(BATCH, random).views, SIZE) for _ in range(24)])
    student.eval()
    return student


def probe(student: Student, photos: Photos) -> float:
    """Accuracy of a logistic regression on pooled features that learns from six photos of each class."""
    with torch.no_grad():
        rows = [
            student(prepared(torch.from_numpy(part).permute(0, 3, 1, 2).float(), SIZE)).mean((2, 3)).numpy()
            for part in np.array_split(photos.pixels, 20)
        ]
    features = np.concatenate(rows)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    order = np.argsort(photos.labels, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    for label in np.unique(photos.labels):
        members = order[photos.labels[order] == label]
        rank[members] = np.arange(len(members))
    learnt = rank < 6
    classifier = LogisticRegression(C=10, max_iter=200).fit(features[learnt], photos.labels[learnt])
    return float(classifier.score(features[~learnt], photos.labels[~learnt]))


if __name__ == "__main__":
    main()
