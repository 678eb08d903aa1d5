"""jobs.py - what the peers share: the jobs' sizes, the model file, tables of steps, the protocol."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import json
import struct
import sys
import time

import numpy as np

# As in bench/jobs.c. groups: rows of an update that share t, and how many such groups.
JOBS = {
    "a": dict(rows=1024, group=32, data=10000, dim=2, sample=10000, one_step=False,
              bound_rows=2048, bound_terms=78),
    "b": dict(rows=1024, group=32, data=10000, dim=20, sample=1000, one_step=False,
              bound_rows=1024, bound_terms=128),
    "c": dict(rows=512, group=16, data=1024, dim=784, sample=64, one_step=True,
              bound_rows=256, bound_terms=32),
}
ADAM = dict(rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8)


def model_read(path):
    """A model file (safetensors): named float32 arrays, and what noneq says about them."""
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header, body = json.loads(file.read(size)), file.read()
    about = json.loads(header.pop("__metadata__")["noneq"])
    tensors = {}
    for name, entry in header.items():
        first, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(body[first:end], "<f4").reshape(entry["shape"]).copy()
    return tensors, about


def alpha_bars(about):
    """beta_t, alpha_bar_t and 1 - alpha_bar_t for t = 1..T in float64."""
    beta = np.array(about["schedule"]["beta"])
    steps = len(beta)
    if about["schedule"]["kind"] == "constant-fraction":
        keep = np.arange(steps - 1, -1, -1) / steps
        return beta, keep, np.arange(1, steps + 1) / steps
    total = np.cumsum(np.log1p(-beta))
    return beta, np.exp(total), -np.expm1(total)


def gaussian_tables(about):
    """Rows t = 0..T (0 unused): signal, spread, root_alpha, cs, logit_beta, log_v."""
    beta, keep, forget = alpha_bars(about)
    before = np.concatenate([[1.0], keep[:-1]])
    log_v = np.log(beta) + np.log(np.concatenate([[1e-30], forget[:-1]])) - np.log(forget)
    columns = [np.sqrt(keep), np.sqrt(forget), np.sqrt(1 - beta),
               np.sqrt(before) * beta / np.sqrt(forget), np.log(beta) - np.log1p(-beta), log_v]
    return np.vstack([np.zeros(6), np.stack(columns, 1)]).astype(np.float32)


def binomial_tables(about):
    """Rows t = 0..T (0 unused), columns for x_t = 0 and 1: a = q(1 | x_t, x_0) and its complement
    for x_0 = 0 and x_0 = 1, their gap, the prior's logit; and q(x_t = 1 | x_0)."""
    beta, keep, forget = alpha_bars(about)
    m = about["activity"][0]
    before = np.concatenate([[1.0], keep[:-1]])
    gone = np.concatenate([[0.0], forget[:-1]])

    def kernel(kept, lost, start, end):
        return kept * (start == end) + lost * (m if end else 1 - m)

    tables = {name: [] for name in ("q1", "q1c", "q0", "q0c", "gap", "prior", "flip")}
    for x_t in (0, 1):
        to = [kernel(1 - beta, beta, u, x_t) for u in (0, 1)]
        for x_0, name in ((1, "q1"), (0, "q0")):
            one = to[1] * kernel(before, gone, x_0, 1)
            zero = to[0] * kernel(before, gone, x_0, 0)
            tables[name].append(one / (one + zero))
            tables[name + "c"].append(zero / (one + zero))
        start = [kernel(keep, forget, x_0, x_t) for x_0 in (0, 1)]
        tables["gap"].append(before * to[1] * to[0] / (start[1] * start[0]))
        tables["prior"].append(np.log(m / (1 - m)) + np.log(start[1]) - np.log(start[0]))
        tables["flip"].append(kernel(keep, forget, x_t, 1))
    return {name: np.vstack([np.zeros(2), np.stack(both, 1)]).astype(np.float32)
            for name, both in tables.items()}


def bump_table(about):
    """Shares of the readouts at t = 0..T: bumps over the log-odds of 1 - alpha_bar_t."""
    _, keep, forget = alpha_bars(about)
    bumps = about["options"]["bumps"]
    odds = np.log(forget) - np.log(np.maximum(keep, 1e-6))
    clock = np.concatenate([[0.0], (odds - odds[0]) / (odds[-1] - odds[0])])
    z = (clock[:, None] * (bumps - 1)) - np.arange(bumps)
    share = np.exp(-0.5 * z * z)
    return (share / share.sum(1, keepdims=True)).astype(np.float32)


def strata(steps, groups):
    """First t of each of `groups` equal parts of 2..T, and one past the last: parts do not meet,
    so that no two groups have the same t (while groups < T)."""
    return 2 + np.arange(groups + 1) * (steps - 1) // groups


def data_make(job):
    """Synthetic rows of the job's shape."""
    sizes, random = JOBS[job], np.random.default_rng(1)
    if job == "b":
        phase = random.integers(0, 5, (sizes["data"], 1))
        return (np.arange(sizes["dim"]) % 5 == phase).astype(np.float32)
    return random.standard_normal((sizes["data"], sizes["dim"])).astype(np.float32)


def exchange_read(folder, job):
    """The arrays of bench_jobs write: x_0 and noise in groups that share t, t of each group, x_t,
    and the divergences of all rows. Bits have no noise there, but any that gives x_t will do."""
    group = JOBS[job]["group"]
    def load(name):
        array = np.load(f"{folder}/{job}_{name}.npy")
        return array.reshape(-1, group, array.shape[1])
    x_t = load("x_t")
    noise = 1 - x_t if job == "b" else load("noise")
    return load("x_0"), noise, load("t")[:, 0, 0].astype(np.int64), x_t, load("kl").reshape(-1)


def memory():
    """The most that this process has had resident, in bytes."""
    with open("/proc/self/status") as file:
        return max(1024 * int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def answer_check(engine, folder):
    """The loss by the function that training differentiates, and the worst row by the one that
    makes K, on noneq's weights, rows, times and noise. Before anything has been trained."""
    x_0, noise, t, _, kl = exchange_read(folder, engine.job)
    loss, rows = engine.check(x_0, noise, t)
    return dict(loss=float(loss), worst=float(np.abs(rows - kl).max() / np.abs(kl).mean()))


def answer_timed(work, count):
    start = time.perf_counter()
    extra = work(count) or {}
    return {"seconds": time.perf_counter() - start, "count": count, **extra}


def answer(engine, word, rest):
    if word == "hello":
        return engine.hello()
    if word == "check":
        return answer_check(engine, rest)
    if word == "memory":
        return dict(bytes=memory())
    if word in ("train", "sample", "bound"):
        return answer_timed(getattr(engine, word), int(rest))
    raise ValueError(f"unknown command {word}")


def serve(engine):
    """Obeys commands on standard input as bench_jobs does. `warm N` makes N of everything that is
    timed, so that compilers have run."""
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        try:
            if word == "warm":
                for name in rest.split(","):
                    getattr(engine, name)(1)
                    getattr(engine, name)(1)
                reply = dict(warm=rest)
            else:
                reply = answer(engine, word, rest)
        except Exception as error:  # the driver leaves this engine out, and says why
            reply = dict(error=f"{type(error).__name__}: {str(error).splitlines()[0][:200]}"
                         if str(error) else type(error).__name__)
        print(json.dumps(reply), flush=True)
