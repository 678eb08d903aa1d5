"""peer_jax.py JOB MODEL INNER float32|bf16 - the standard jobs in JAX.

A whole update is one compiled function that owns its buffers (donated). INNER updates are one call
(lax.scan), so that Python is not what is timed; so is a whole trajectory. Not for job c: XLA's
convolutions are several times slower inside a loop."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import sys

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, nn, random

import jobs

jax.config.update("jax_default_prng_impl", "unsafe_rbg")


class Gaussian:
    outputs = 2

    def __init__(self, about):
        self.table = jnp.asarray(jobs.gaussian_tables(about))

    def of(self, t):
        return self.table[t][:, None, None, :]

    def noise(self, key, shape):
        return random.normal(key, shape)

    def corrupt(self, step, x_0, noise):
        return step[..., 0] * x_0 + step[..., 1] * noise

    def divergence(self, step, z, x_0, noise, x_t):
        signal, spread, _, cs, logit_beta, log_v = jnp.moveaxis(step, -1, 0)
        log_s = nn.log_sigmoid(z[1] + logit_beta)
        d = log_s - log_v
        error = cs * (spread * x_0 - signal * noise - z[0])
        return 0.5 * (d + jnp.expm1(-d) + error * error * jnp.exp(-log_s))

    def start(self, key, shape):
        return random.normal(key, shape)

    def reverse(self, step, z, x_t, noise):
        _, _, root_alpha, cs, logit_beta, _ = jnp.moveaxis(step, -1, 0)
        return root_alpha * x_t + cs * z[0] + jnp.sqrt(nn.sigmoid(z[1] + logit_beta)) * noise

    def last(self, step, x_t, noise):
        return step[..., 2] * x_t + jnp.sqrt(1 - step[..., 2] ** 2) * noise


class Binomial:
    outputs = 1

    def __init__(self, about):
        names = ("q1", "q1c", "q0", "q0c", "gap", "prior", "flip")
        tables = jobs.binomial_tables(about)
        self.table = jnp.stack([tables[name] for name in names], 1)
        self.m = about["activity"][0]

    def of(self, t):
        return self.table[t][:, None, None]

    def noise(self, key, shape):
        return random.uniform(key, shape)

    def pick(self, step, k, x):
        return jnp.where(x > 0, step[..., k, 1], step[..., k, 0])

    def corrupt(self, step, x_0, noise):
        return (noise < self.pick(step, 6, x_0)).astype(jnp.float32)

    def divergence(self, step, z, x_0, noise, x_t):
        q1, q1c, q0, q0c, gap, prior = (self.pick(step, k, x_t) for k in range(6))
        sign = 2 * x_0 - 1
        change = sign * gap * nn.sigmoid(-sign * (z[0] + prior))
        a, ac = jnp.where(x_0 > 0, q1, q0), jnp.where(x_0 > 0, q1c, q0c)
        return -a * jnp.log1p(-change / a) - ac * jnp.log1p(change / ac)

    def start(self, key, shape):
        return (random.uniform(key, shape) < self.m).astype(jnp.float32)

    def reverse(self, step, z, x_t, noise):
        rho = nn.sigmoid(z[0] + self.pick(step, 5, x_t))
        q0 = self.pick(step, 2, x_t)
        return (noise < q0 + rho * (self.pick(step, 0, x_t) - q0)).astype(jnp.float32)

    def last(self, step, x_t, noise):
        beta = 1 - (step[..., 6, 1] - step[..., 6, 0])
        return (noise < x_t + beta * (self.m - x_t)).astype(jnp.float32)


def dense(w, name, h):
    return h @ w[name + ".weight"].astype(h.dtype).T + w[name + ".bias"].astype(h.dtype)


def blend(readout, h):
    """[groups, rows, in] by each group's own weights."""
    return (jnp.einsum("gri,goi->gro", h, readout[0].astype(h.dtype)) +
            readout[1].astype(h.dtype)[:, None])


def net_rbf(w, x, readout):
    gap = x[..., None, :] - w["rbf.centres"]
    near = nn.softmax((gap * gap).sum(-1) * (-0.5 * jnp.exp(-2 * w["rbf.log_width"])), -1)
    return blend(readout, jnp.concatenate([near, x], -1))


def net_mlp(w, h, readout):
    for name in ("hidden1", "hidden2", "hidden3"):
        h = nn.sigmoid(dense(w, name, h))
    return blend(readout, h)


def net_image(w, x, readout):
    groups, rows, _ = x.shape
    flat = x.reshape(groups * rows, 784)
    picture = flat.reshape(-1, 28, 28, 1)
    for i in (1, 2, 3, 4):
        name = f"conv{i}.scale0."
        kernel = w[name + "weight"].astype(x.dtype).reshape(20, -1, 3, 3).transpose(2, 3, 1, 0)
        picture = nn.softplus(lax.conv_general_dilated(
            picture, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) +
            w[name + "bias"].astype(x.dtype))
    h = flat
    for name in ("hidden1", "hidden2", "hidden3"):
        h = jnp.tanh(dense(w, name, h))
    h = dense(w, "features", h).reshape(-1, 2, 784).transpose(0, 2, 1)
    pixel = jnp.concatenate([picture.reshape(-1, 784, 20), h, flat[..., None]], -1)
    for name in ("pixel1", "pixel2"):
        pixel = jnp.tanh(dense(w, name, pixel))
    pixel = jnp.concatenate([pixel, flat[..., None]], -1).reshape(groups, rows * 784, 21)
    y = blend(readout, pixel).astype(jnp.float32)
    return y.reshape(groups, rows, 784, 2).transpose(0, 1, 3, 2).reshape(groups, rows, 1568)


NETS = {"a": net_rbf, "b": net_mlp, "c": net_image}


def adam(w, m, v, gradient, updates):
    """updates: a number, or one for each row of w."""
    beta1, beta2 = jobs.ADAM["beta1"], jobs.ADAM["beta2"]
    updates = jnp.reshape(updates, jnp.shape(updates) + (1,) * (w.ndim - jnp.ndim(updates)))
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient * gradient
    root = jnp.sqrt(v / (1 - beta2 ** updates)) + jobs.ADAM["epsilon"]
    return w - jobs.ADAM["rate"] * m / (1 - beta1 ** updates) / root, m, v


class Engine:
    def __init__(self, job, model, inner, precision):
        self.job, self.inner, self.precision = job, inner, precision
        self.sizes = jobs.JOBS[job]
        tensors, about = jobs.model_read(model)
        self.steps = about["steps"]
        self.family = Binomial(about) if job == "b" else Gaussian(about)
        self.bumps = jnp.asarray(jobs.bump_table(about)) if job == "c" else None
        self.weights = {name: jnp.asarray(array) for name, array in tensors.items()}
        self.sparse = job == "b"
        zeros = {name: jnp.zeros_like(w) for name, w in self.weights.items()}
        self.state = (jax.tree.map(jnp.copy, self.weights), zeros, jax.tree.map(jnp.copy, zeros),
                      jnp.zeros(()), jnp.zeros(self.steps), random.key(1))
        self.data = jnp.asarray(jobs.data_make(job))
        first = jobs.strata(self.steps, self.sizes["rows"] // self.sizes["group"])
        self.first, self.width = first[:-1], np.maximum(first[1:] - first[:-1], 1)
        self.update_call = jax.jit(self.updates, donate_argnums=0)
        self.sample_call = jax.jit(self.trajectory)
        self.step_call = jax.jit(self.step, donate_argnums=1)
        self.score_call = jax.jit(self.term if self.sizes["one_step"] else self.terms)
        self.key = random.key(2)

    def hello(self):
        return dict(engine="JAX", version=jax.__version__, job=self.job,
                    threads=len(__import__("os").sched_getaffinity(0)), precision=self.precision)

    def readout(self, w, t):
        if self.bumps is None:
            return w["readout.weight"][t - 1], w["readout.bias"][t - 1]
        share = self.bumps[t]
        return jnp.einsum("gj,joi->goi", share, w["readout.weight"]), share @ w["readout.bias"]

    def run(self, w, readout, x_t):
        half = self.precision == "bf16"
        y = NETS[self.job](w, x_t.astype(jnp.bfloat16) if half else x_t, readout)
        y = y.astype(jnp.float32)
        return jnp.moveaxis(y.reshape(*y.shape[:2], self.family.outputs, -1), 2, 0)

    def loss(self, w, readout, t, x_0, noise):
        step = self.family.of(t)
        x_t = self.family.corrupt(step, x_0, noise)
        readout = readout if self.sparse else self.readout(w, t)
        kl = self.family.divergence(step, self.run(w, readout, x_t), x_0, noise, x_t)
        return kl.sum() * ((self.steps - 1) / (x_0.shape[0] * x_0.shape[1]))

    def update(self, state, _):
        w, m, v, count, bank_counts, key = state
        key, *keys = random.split(key, 4)
        t = self.first + (random.uniform(keys[0], self.first.shape) * self.width).astype(int)
        rows = random.randint(keys[1], (self.sizes["rows"],), 0, len(self.data))
        x_0 = self.data[rows].reshape(len(self.first), -1, self.sizes["dim"])
        noise = self.family.noise(keys[2], x_0.shape)
        names = [n for n in w if not (self.sparse and n.startswith("readout"))]
        gathered = self.readout(w, t) if self.sparse else ()
        dense_w = {n: w[n] for n in names}
        loss, (slopes, gathered_slopes) = jax.value_and_grad(self.loss, (0, 1))(
            dense_w, gathered, t, x_0, noise)
        w, m, v, count = dict(w), dict(m), dict(v), count + 1
        for n in names:
            w[n], m[n], v[n] = adam(w[n], m[n], v[n], slopes[n], count)
        if self.sparse:  # only the readouts that were used; each counts its own updates
            own = bank_counts[t - 1] + 1
            bank_counts = bank_counts.at[t - 1].set(own)
            for n, part, slope in zip(("readout.weight", "readout.bias"), gathered,
                                      gathered_slopes):
                new = adam(part, m[n][t - 1], v[n][t - 1], slope, own)
                w[n], m[n], v[n] = (old[n].at[t - 1].set(x, unique_indices=True)
                                    for old, x in zip((w, m, v), new))
        return (w, m, v, count, bank_counts, key), loss

    def updates(self, state):
        if self.inner == 1:
            return self.update(state, None)
        return lax.scan(self.update, state, None, length=self.inner)

    def step(self, w, x_t, t, key):
        at = jnp.reshape(t, 1)
        z = self.run(w, self.readout(w, at), x_t)
        return self.family.reverse(self.family.of(at), z, x_t,
                                   self.family.noise(key, x_t.shape))

    def trajectory(self, w, key):
        first, last, key = random.split(key, 3)
        x_t = self.family.start(first, (1, self.sizes["sample"], self.sizes["dim"]))

        def body(x_t, item):
            return self.step(w, x_t, *item), None
        keys = random.split(key, self.steps - 1)
        x_t, _ = lax.scan(body, x_t, (jnp.arange(self.steps, 1, -1), keys))
        one = self.family.of(jnp.array([1]))
        return self.family.last(one, x_t, self.family.noise(last, x_t.shape))

    def terms(self, w, t, x_0, key):
        """Sum of the divergences of one stratum after another; t[strata, groups]."""
        def body(total, item):
            return total + self.term(w, item[0], x_0, item[1]), None
        return lax.scan(body, 0.0, (t, random.split(key, len(t))))[0]

    def term(self, w, t, x_0, key):
        step, noise = self.family.of(t), self.family.noise(key, x_0.shape)
        x_t = self.family.corrupt(step, x_0, noise)
        z = self.run(w, self.readout(w, t), x_t)
        return self.family.divergence(step, z, x_0, noise, x_t).sum()

    def fresh(self):
        self.key, key = random.split(self.key)
        return key

    def train(self, count):
        for _ in range(max(count // self.inner, 1)):
            self.state, losses = self.update_call(self.state)
        return dict(loss=float(losses.reshape(-1)[-1]), count=max(count // self.inner, 1) * self.inner)

    def sample(self, count):
        rows, dim = self.sizes["sample"], self.sizes["dim"]
        if self.sizes["one_step"]:
            x = self.family.start(self.fresh(), (1, rows, dim))
            for i in range(count):
                x = self.step_call(self.weights, x, self.steps - i, self.fresh())
        else:
            for _ in range(count):
                x = self.sample_call(self.weights, self.fresh())
        x.block_until_ready()
        return dict(rows=rows)

    def bound(self, count):
        rows, terms, group = self.sizes["bound_rows"], self.sizes["bound_terms"], 16
        half = min(terms // 2, self.steps - 1)
        first = jobs.strata(self.steps, half)
        width = np.maximum(first[1:] - first[:-1], 1)
        x_0 = self.data[:rows].reshape(-1, group, self.sizes["dim"])
        for _ in range(count):
            shape = (terms // half, half, rows // group)
            t = first[:-1, None] + (np.random.random(shape) * width[:, None]).astype(int)
            t = t.reshape(-1, rows // group)
            if self.sizes["one_step"]:
                total = sum(self.score_call(self.weights, i, x_0, self.fresh()) for i in t)
            else:
                total = self.score_call(self.weights, t, x_0, self.fresh())
        return dict(evaluations=count * rows * terms, kl=float(total))

    def check(self, x_0, noise, t):
        def rows(w, t, x_0, noise):
            step = self.family.of(t)
            x_t = self.family.corrupt(step, x_0, noise)
            z = self.run(w, self.readout(w, t), x_t)
            return self.family.divergence(step, z, x_0, noise, x_t).sum(-1).reshape(-1)
        readout = self.readout(self.weights, t) if self.sparse else ()
        loss = jax.jit(self.loss)(self.weights, readout, t, x_0, noise)
        return loss / (self.steps - 1), np.asarray(jax.jit(rows)(self.weights, t, x_0, noise))


if __name__ == "__main__":
    name, path, inner, precision = sys.argv[1:]
    jobs.serve(Engine(name, path, int(inner), precision))
