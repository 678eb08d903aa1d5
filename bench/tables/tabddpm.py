"""tabddpm.py - TabDDPM (Kotelnikov et al. 2023), written from the paper: it has no package.

Numbers go through ranks to a normal law and diffuse as Gaussians, each category diffuses among its
levels, and one network with an embedding of time sees all: cosine schedule, T = 200, three layers
of 256, 5000 updates of 256 rows by Adam (.001 falling to 0), a running average of the weights."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STEPS, WIDTH, UPDATES, ROWS, RATE, LEAST = 200, 256, 5000, 256, 1e-3, 1e-30


class Network(nn.Module):
    def __init__(self, numbers):
        super().__init__()
        self.first, self.last = nn.Linear(numbers, WIDTH), nn.Linear(WIDTH, numbers)
        self.time = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))
        self.between = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(2))

    def forward(self, x, t):
        angle = t[:, None] * torch.exp(-math.log(10000) * torch.arange(WIDTH // 2) * 2 / WIDTH)
        h = F.silu(self.first(x) + self.time(torch.cat([angle.cos(), angle.sin()], 1)))
        for layer in self.between:
            h = F.silu(layer(h))
        return self.last(h)


class Diffusion:
    """Of `numbers` normal scores, and of categories of so many levels each."""

    def __init__(self, numbers, levels):
        self.numbers, self.levels = numbers, levels
        at = torch.arange(STEPS + 1, dtype=torch.float64) / STEPS
        left = torch.cos((at + .008) / 1.008 * math.pi / 2) ** 2
        alpha = (left[1:] / left[:-1]).clamp(min=1e-3)
        self.alpha, self.bar = alpha.float(), torch.cumprod(alpha, 0).float()
        self.before = torch.cat([torch.ones(1), self.bar[:-1]])
        self.network = Network(numbers + sum(levels))

    def posterior(self, x_0, x_t, t):
        """log q(x_{t-1} | x_t, x_0) of one category, where x_0 is a law over its levels."""
        levels = x_t.shape[1]
        alpha, before = self.alpha[t][:, None], self.before[t][:, None]
        p = (alpha * x_t + (1 - alpha) / levels) * (before * x_0 + (1 - before) / levels)
        p = p.clamp(min=LEAST)
        return (p / p.sum(1, keepdim=True)).log()

    def loss(self, x, categories):
        t = torch.randint(STEPS, (len(x),))
        bar, noise = self.bar[t][:, None], torch.randn_like(x)
        clean = [F.one_hot(c, n).float() for c, n in zip(categories, self.levels)]
        noisy = [F.one_hot(torch.multinomial(bar * c + (1 - bar) / c.shape[1], 1)[:, 0],
                           c.shape[1]).float() for c in clean]
        out = self.network(torch.cat([bar.sqrt() * x + (1 - bar).sqrt() * noise, *noisy], 1), t)
        total = F.mse_loss(out[:, :self.numbers], noise) if self.numbers else 0
        for z, c, x_t in zip(out[:, self.numbers:].split(self.levels, 1), clean, noisy):
            belief = F.log_softmax(z, 1)
            truth, own = self.posterior(c, x_t, t), self.posterior(belief.exp(), x_t, t)
            divergence = (truth.exp() * (truth - own)).sum(1) * STEPS
            last = -(c * belief).sum(1)
            total = total + torch.where(t == 0, last, divergence).mean() / len(self.levels)
        return total

    def train(self, x, categories):
        optimiser = torch.optim.Adam(self.network.parameters(), lr=RATE)
        average = [p.detach().clone() for p in self.network.parameters()]
        for update in range(UPDATES):
            optimiser.param_groups[0]["lr"] = RATE * (1 - update / UPDATES)
            rows = torch.randint(len(x), (ROWS,))
            optimiser.zero_grad()
            self.loss(x[rows], [c[rows] for c in categories]).backward()
            optimiser.step()
            with torch.no_grad():
                torch._foreach_lerp_(average, list(self.network.parameters()),
                                     .001 if update > 1000 else .05)
        with torch.no_grad():
            for p, q in zip(self.network.parameters(), average):
                p.copy_(q)

    @torch.no_grad()
    def sample(self, rows):
        x = torch.randn(rows, self.numbers)
        parts = [F.one_hot(torch.randint(n, (rows,)), n).float() for n in self.levels]
        for step in reversed(range(STEPS)):
            t = torch.full((rows,), step)
            alpha, bar, before = self.alpha[step], self.bar[step], self.before[step]
            out = self.network(torch.cat([x, *parts], 1), t)
            x_0 = ((x - (1 - bar).sqrt() * out[:, :self.numbers]) / bar.sqrt()).clamp(-6, 6)
            mean = (before.sqrt() * (1 - alpha) * x_0 + alpha.sqrt() * (1 - before) * x) / (1 - bar)
            spread = ((1 - alpha) * (1 - before) / (1 - bar)).sqrt()
            x = mean + spread * torch.randn_like(x)
            for k, z in enumerate(out[:, self.numbers:].split(self.levels, 1)):
                belief = F.softmax(z, 1)
                law = self.posterior(belief, parts[k], t).exp() if step else belief
                parts[k] = F.one_hot(torch.multinomial(law, 1)[:, 0], self.levels[k]).float()
        return x.numpy(), [p.argmax(1).numpy() for p in parts]


def tabddpm(coded, rows, rng):
    from sklearn.preprocessing import QuantileTransformer
    torch.set_num_threads(1)
    torch.manual_seed(int(rng.integers(1 << 30)))
    train, names = coded.matrix, list(coded.columns)
    is_level = np.array([name in coded.levels for name in names])
    ranks = QuantileTransformer(output_distribution="normal", subsample=None, random_state=0,
                                n_quantiles=max(min(len(train) // 30, 1000), 10))
    x = ranks.fit_transform(train[:, ~is_level]) if (~is_level).any() else train[:, :0]
    model = Diffusion(x.shape[1], [len(coded.levels[name]) for name in coded.levels])
    model.train(torch.tensor(x, dtype=torch.float32),
                [torch.tensor(train[:, j].astype(np.int64)) for j in np.flatnonzero(is_level)])
    x, levels = model.sample(rows)
    drawn = np.empty((rows, len(names)))
    if (~is_level).any():
        drawn[:, ~is_level] = ranks.inverse_transform(x)
    for j, level in zip(np.flatnonzero(is_level), levels):
        drawn[:, j] = level
    return {name: coded.texts(name, drawn[:, j]) for j, name in enumerate(names)}
