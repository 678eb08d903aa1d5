#!/usr/bin/env python3
# gaussian_pictures.py - what a normal distribution with full covariance says of crops of pictures.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: gaussian_pictures.py NONEQ MODEL TRAIN TEST [--crops N] [--area L,T,W,H] ...

Fits a normal distribution with full covariance to N random crops of TRAIN, of the size of MODEL's
pictures, and prints its mean log2 density on the crops of TEST side by side as one line of JSON:
bits per pixel (a pixel is all its colours) in MODEL's scaled units, so that the figure stands
beside K of `noneq eval MODEL TEST`, and bits per dimension on the 8-bit scale. Numbers get the
model's dequantisation noise.

TRAIN and TEST are .npy ([N,H,W], or [N,C,H,W] with planes first), IDX, CIFAR-10 binary, .pgm or
.ppm (binary, 8 or 16 bits), .gz of them, .png (with Pillow), or a folder of pictures. Needs numpy.
"""
import argparse
import gzip
import json
import os
import re
import subprocess

import numpy as np

BATCH = 4096  # crops that are in memory at a time


def pnm_read(content, path):
    """Binary PGM and PPM as [C, H, W]."""
    header = re.match(rb"(P[56])(?:\s+|#[^\n]*\n)+(\d+)(?:\s+|#[^\n]*\n)+(\d+)"
                      rb"(?:\s+|#[^\n]*\n)+(\d+)\s", content)
    if not header:
        raise SystemExit(f"{path} is no binary PGM or PPM")
    channels = 1 if header[1] == b"P5" else 3
    width, height, white = (int(header[i]) for i in (2, 3, 4))
    kind = np.dtype(">u2" if white > 255 else "u1")
    numbers = np.frombuffer(content, kind, channels * height * width, header.end())
    return numbers.reshape(height, width, channels).transpose(2, 0, 1)


def pictures_read(path):
    """List of pictures, each [C, H, W]."""
    if os.path.isdir(path):
        names = sorted(name for name in os.listdir(path)
                       if re.search(r"\.(png|pgm|ppm)(\.gz)?$", name))
        return [picture for name in names for picture in pictures_read(os.path.join(path, name))]
    name = path[:-3] if path.endswith(".gz") else path
    if name.endswith(".png"):
        from PIL import Image
        picture = np.asarray(Image.open(path))
        return [picture.reshape(picture.shape[0], picture.shape[1], -1).transpose(2, 0, 1)]
    if path.endswith(".npy"):
        numbers = np.load(path, mmap_mode="r")
        return list(numbers[:, None] if numbers.ndim == 3 else numbers)
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        content = file.read()
    if content[:1] == b"P":
        return [pnm_read(content, path)]
    if content[:4] == b"\0\0\x08\x03":
        shape = np.frombuffer(content, ">u4", 3, 4)
        return list(np.frombuffer(content, np.uint8, offset=16).reshape(shape)[:, None])
    if name.endswith(".bin") and len(content) % 3073 == 0:
        records = np.frombuffer(content, np.uint8).reshape(-1, 3073)
        return list(records[:, 1:].reshape(-1, 3, 32, 32))
    raise SystemExit(f"{path}: not .npy, IDX, CIFAR-10 binary, PGM, PPM, PNG or a folder of them")


def area_cut(pictures, area):
    """LEFT,TOP,WIDTH,HEIGHT of each picture; a width or height of 0 reaches the edge."""
    if not area:
        return pictures
    left, top, width, height = (int(word) for word in area.split(","))
    return [p[:, top:top + height if height else None, left:left + width if width else None]
            for p in pictures]


class Model:
    """What the figure needs of a model: the shape of its pictures, scaling and noise."""

    def __init__(self, noneq, path):
        info = json.loads(subprocess.run([noneq, "info", path, "--json"], check=True,
                                         capture_output=True).stdout)
        self.channels, self.height, self.width = (
            int(word) for word in info["options"]["image"].split("x"))
        self.dim = self.channels * self.height * self.width
        self.mean = np.array(info["scaling"]["mean"])
        self.deviation = np.array(info["scaling"]["deviation"])
        self.noise = max(info["options"]["dequantize"], 0)

    def scale(self, crops, random):
        """Rows of the data as the model sees them; the noise is centred, as the model's is."""
        rows = np.stack(crops).reshape(len(crops), self.dim).astype(np.float64)
        rows += self.noise * (random.random(rows.shape) - 0.5)
        return (rows - self.mean) / self.deviation


def crops_random(pictures, model, count, mirror, random):
    for _ in range(count):
        picture = pictures[random.integers(len(pictures))]
        top = random.integers(picture.shape[1] - model.height + 1)
        left = random.integers(picture.shape[2] - model.width + 1)
        crop = picture[:, top:top + model.height, left:left + model.width]
        yield crop[:, :, ::-1] if mirror and random.random() < 0.5 else crop


def crops_apart(pictures, model):
    for picture in pictures:
        for top in range(0, picture.shape[1] - model.height + 1, model.height):
            for left in range(0, picture.shape[2] - model.width + 1, model.width):
                yield picture[:, top:top + model.height, left:left + model.width]


def batches(crops, model, random):
    pending = []
    for crop in crops:
        pending.append(crop)
        if len(pending) == BATCH:
            yield model.scale(pending, random)
            pending = []
    if pending:
        yield model.scale(pending, random)


def gaussian_fit(rows):
    """Maximum likelihood mean and covariance."""
    count, total, squares = 0, 0.0, 0.0
    for batch in rows:
        count += len(batch)
        total = total + batch.sum(axis=0)
        squares = squares + batch.T @ batch
    mean = total / count
    return mean, squares / count - np.outer(mean, mean)


def gaussian_score(rows, mean, covariance):
    """Natural log density of each row."""
    factor = np.linalg.cholesky(covariance)
    constant = -np.log(np.diag(factor)).sum() - len(mean) / 2 * np.log(2 * np.pi)
    return np.concatenate([
        constant - 0.5 * (np.linalg.solve(factor, (batch - mean).T) ** 2).sum(axis=0)
        for batch in rows])


def parser_of(text):
    """What all have that fit crops of TRAIN's pictures as MODEL has them and score TEST's."""
    parser = argparse.ArgumentParser(description=text,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("noneq", "model", "train", "test"):
        parser.add_argument(name)
    parser.add_argument("--crops", type=int, default=100000, help="random crops to fit (100000)")
    parser.add_argument("--area", help="use only LEFT,TOP,WIDTH,HEIGHT of TRAIN's pictures")
    parser.add_argument("--test-area", help="likewise of TEST's")
    parser.add_argument("--mirror", action="store_true", help="half of the crops mirrored")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def main():
    options = parser_of(__doc__).parse_args()
    model = Model(options.noneq, options.model)
    random = np.random.default_rng(options.seed)
    train = area_cut(pictures_read(options.train), options.area)
    test = area_cut(pictures_read(options.test), options.test_area)
    mean, covariance = gaussian_fit(batches(
        crops_random(train, model, options.crops, options.mirror, random), model, random))
    try:
        nats = gaussian_score(batches(crops_apart(test, model), model, random), mean, covariance)
    except np.linalg.LinAlgError:
        raise SystemExit(f"{options.crops} crops have no full covariance: --crops takes more")
    per_pixel = 1 / (np.log(2) * model.height * model.width)
    in_data_units = nats.mean() - np.log(model.deviation).sum()
    print(json.dumps({
        "bits_per_pixel": nats.mean() * per_pixel,
        "se_rows": nats.std(ddof=1) / np.sqrt(len(nats)) * per_pixel,
        "bits_per_dim_8bit": -in_data_units / np.log(2) / model.dim,
        "train_crops": options.crops, "test_crops": len(nats), "dim": model.dim,
        "picture": {"channels": model.channels, "height": model.height, "width": model.width}}))


if __name__ == "__main__":
    main()
