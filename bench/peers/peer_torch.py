"""peer_torch.py JOB MODEL eager|compile THREADS float32|bf16 - the standard jobs in PyTorch.

MODEL is what bench_jobs wrote. Rows that share t stand together, readouts are gathered once for each
such group, and of job b's 2000 readouts only those of an update are stepped, with Adam written out
on the gathered rows: a dense update of all of them is several times slower."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import sys

import torch
import torch.nn.functional as F

import jobs


class Gaussian:
    """The family of jobs a and c. A step's table is a tensor whose last axis has its scalars."""

    outputs = 2

    def __init__(self, about):
        self.table = torch.from_numpy(jobs.gaussian_tables(about))

    def of(self, t, shape):
        return self.table[t].view(*shape, 6)

    def noise(self, x):
        return torch.randn_like(x)

    def corrupt(self, step, x_0, noise):
        return step[..., 0] * x_0 + step[..., 1] * noise

    def divergence(self, step, z, x_0, noise, x_t):
        signal, spread, _, cs, logit_beta, log_v = step.unbind(-1)
        mean, log_s = z[0], F.logsigmoid(z[1] + logit_beta)
        d = log_s - log_v
        error = cs * (spread * x_0 - signal * noise - mean)
        return 0.5 * (d + torch.expm1(-d) + error * error * torch.exp(-log_s))

    def start(self, x):
        return torch.randn_like(x)

    def reverse(self, step, z, x_t, noise):
        _, _, root_alpha, cs, logit_beta, _ = step.unbind(-1)
        return root_alpha * x_t + cs * z[0] + torch.sqrt(torch.sigmoid(z[1] + logit_beta)) * noise

    def last(self, step, x_t, noise):
        return step[..., 2] * x_t + torch.sqrt(1 - step[..., 2] ** 2) * noise


class Binomial:
    """The family of job b: P(x_0 = 1 | x_t) = sigmoid(z + prior) mixes two exact posteriors."""

    outputs = 1

    def __init__(self, about):
        names = ("q1", "q1c", "q0", "q0c", "gap", "prior", "flip")
        tables = jobs.binomial_tables(about)
        self.table = torch.stack([torch.from_numpy(tables[name]) for name in names], 1)
        self.m = about["activity"][0]

    def of(self, t, shape):
        return self.table[t].view(*shape, 7, 2)

    def noise(self, x):
        return torch.rand_like(x)

    def pick(self, step, k, x):
        return step[..., k, 0] + x * (step[..., k, 1] - step[..., k, 0])

    def corrupt(self, step, x_0, noise):
        return (noise < self.pick(step, 6, x_0)).float()

    def divergence(self, step, z, x_0, noise, x_t):
        one, bit = x_t > 0, x_0 > 0
        table = torch.where(one.unsqueeze(-1), step[..., 1], step[..., 0])
        q1, q1c, q0, q0c, gap, prior, _ = table.unbind(-1)
        sign = 2 * x_0 - 1
        change = sign * gap * torch.sigmoid(-sign * (z[0] + prior))
        a, ac = torch.where(bit, q1, q0), torch.where(bit, q1c, q0c)
        return -a * torch.log1p(-change / a) - ac * torch.log1p(change / ac)

    def start(self, x):
        return (torch.rand_like(x) < self.m).float()

    def reverse(self, step, z, x_t, noise):
        rho = torch.sigmoid(z[0] + self.pick(step, 5, x_t))
        q0 = self.pick(step, 2, x_t)
        return (noise < q0 + rho * (self.pick(step, 0, x_t) - q0)).float()

    def last(self, step, x_t, noise):
        beta = 1 - (step[..., 6, 1] - step[..., 6, 0])
        return (noise < x_t + beta * (self.m - x_t)).float()


def outputs(y, family):
    """[groups, rows, outputs * dim] to [outputs, groups, rows, dim]."""
    return y.unflatten(-1, (family.outputs, -1)).movedim(-2, 0)


def net_rbf(w, h, readout):
    gap = h.unsqueeze(-2) - w["rbf.centres"]
    near = torch.softmax((gap * gap).sum(-1) * (-0.5 * torch.exp(-2 * w["rbf.log_width"])), -1)
    features = torch.cat([near, h], -1)
    return torch.baddbmm(readout[1].unsqueeze(1), features, readout[0].transpose(1, 2))


def net_mlp(w, h, readout):
    for name in ("hidden1", "hidden2", "hidden3"):
        h = torch.sigmoid(F.linear(h, w[name + ".weight"], w[name + ".bias"]))
    return torch.baddbmm(readout[1].unsqueeze(1), h, readout[0].transpose(1, 2))


def net_image(w, x, readout):
    """Channels last: a convolution's output, seen as [pixels, channels], is a view."""
    groups, rows, _ = x.shape
    flat = x.reshape(groups * rows, 784)
    picture = flat.view(-1, 1, 28, 28).contiguous(memory_format=torch.channels_last)
    for i in (1, 2, 3, 4):
        name = f"conv{i}.scale0."
        picture = F.softplus(F.conv2d(picture, w[name + "weight"], w[name + "bias"], padding=1))
    h = flat
    for name in ("hidden1", "hidden2", "hidden3"):
        h = torch.tanh(F.linear(h, w[name + ".weight"], w[name + ".bias"]))
    h = F.linear(h, w["features.weight"], w["features.bias"])
    pixel = torch.cat([picture.permute(0, 2, 3, 1).reshape(-1, 784, 20),
                       h.view(-1, 2, 784).transpose(1, 2).to(picture.dtype),
                       flat.unsqueeze(-1).to(picture.dtype)], -1)
    for name in ("pixel1", "pixel2"):
        pixel = torch.tanh(F.linear(pixel, w[name + ".weight"], w[name + ".bias"]))
    pixel = torch.cat([pixel, flat.unsqueeze(-1).to(pixel.dtype)], -1)
    pixel = pixel.view(groups, rows * 784, 21)
    y = torch.baddbmm(readout[1].unsqueeze(1).to(pixel.dtype), pixel,
                      readout[0].transpose(1, 2).to(pixel.dtype))
    return y.float().view(groups, rows, 784, 2).transpose(2, 3).reshape(groups, rows, 1568)


NETS = {"a": net_rbf, "b": net_mlp, "c": net_image}


class Engine:
    def __init__(self, job, model, mode, threads, precision):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        self.job, self.mode, self.threads, self.precision = job, mode, threads, precision
        self.sizes = jobs.JOBS[job]
        tensors, about = jobs.model_read(model)
        self.steps = about["steps"]
        self.family = Binomial(about) if job == "b" else Gaussian(about)
        self.net = NETS[job]
        self.bumps = torch.from_numpy(jobs.bump_table(about)) if job == "c" else None
        self.weights = {}
        for name, array in tensors.items():
            if name.startswith("conv") and array.ndim == 3:
                array = array.reshape(array.shape[0], array.shape[1], 3, 3)
            tensor = torch.from_numpy(array)
            if tensor.ndim == 4:
                tensor = tensor.contiguous(memory_format=torch.channels_last)
            self.weights[name] = tensor
        self.sparse = job == "b"
        self.trained = [name for name in self.weights
                        if not (self.sparse and name.startswith("readout"))]
        for name in self.trained:
            self.weights[name].requires_grad_(True)
        self.optimiser = torch.optim.Adam([self.weights[name] for name in self.trained],
                                          lr=jobs.ADAM["rate"], fused=True)
        if self.sparse:
            self.moments = {name: (torch.zeros_like(w), torch.zeros_like(w))
                            for name, w in self.weights.items() if name.startswith("readout")}
            self.updates = torch.zeros(self.steps)
        self.data = torch.from_numpy(jobs.data_make(job))
        first = torch.from_numpy(jobs.strata(self.steps, self.sizes["rows"] // self.sizes["group"]))
        self.first, self.width = first[:-1], (first[1:] - first[:-1]).clamp(min=1)
        self.loss_call, self.reverse_call = self.loss, self.reverse
        self.score_call = self.score
        if mode == "compile":
            self.loss_call = torch.compile(self.loss, dynamic=False)
            self.reverse_call = torch.compile(self.reverse, dynamic=False)
            self.score_call = torch.compile(self.score, dynamic=False)

    def hello(self):
        return dict(engine="PyTorch " + self.mode, version=torch.__version__, job=self.job,
                    threads=torch.get_num_threads(), precision=self.precision)

    def autocast(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.precision == "bf16")

    def readout(self, w, t):
        """Weights and biases of the readout at each group's t."""
        if self.bumps is None:
            return w["readout.weight"][t - 1], w["readout.bias"][t - 1]
        share = self.bumps[t]
        return (torch.einsum("gj,joi->goi", share, w["readout.weight"]),
                share @ w["readout.bias"])

    def run(self, w, readout, x_t):
        with self.autocast():
            y = self.net(w, x_t, readout)
        return outputs(y, self.family)

    def loss(self, w, readout, step, x_0, noise):
        x_t = self.family.corrupt(step, x_0, noise)
        readout = readout if self.sparse else self.readout(w, readout)
        kl = self.family.divergence(step, self.run(w, readout, x_t), x_0, noise, x_t)
        return kl.sum() * ((self.steps - 1) / (x_0.shape[0] * x_0.shape[1]))

    def score(self, w, t, step, x_0, noise):
        x_t = self.family.corrupt(step, x_0, noise)
        z = self.run(w, self.readout(w, t), x_t)
        return self.family.divergence(step, z, x_0, noise, x_t).sum(-1)

    def loss_of(self, t, x_0, noise):
        """The loss of an update, and the readouts it gathered, where those are leaves."""
        step = self.family.of(t, (len(t), 1, 1))
        readout = t
        if self.sparse:
            readout = tuple(part.detach().requires_grad_(True)
                            for part in self.readout(self.weights, t))
        return self.loss_call(self.weights, readout, step, x_0, noise), readout

    def train(self, count):
        rows, group, dim = self.sizes["rows"], self.sizes["group"], self.sizes["dim"]
        for _ in range(count):
            t = self.first + (torch.rand(len(self.first)) * self.width).long()
            x_0 = self.data[torch.randint(len(self.data), (rows,))].view(-1, group, dim)
            loss, readout = self.loss_of(t, x_0, self.family.noise(x_0))
            loss.backward()
            self.optimiser.step()
            self.optimiser.zero_grad(set_to_none=True)
            if self.sparse:
                self.readout_step(t - 1, readout)
        return dict(loss=loss.item())

    @torch.no_grad()
    def readout_step(self, banks, readout):
        """Adam on the readouts of an update; each counts its own updates."""
        beta1, beta2 = jobs.ADAM["beta1"], jobs.ADAM["beta2"]
        updates = self.updates[banks] + 1
        self.updates[banks] = updates
        for name, w in zip(("readout.weight", "readout.bias"), readout):
            shape = (-1,) + (1,) * (w.dim() - 1)
            m, v = (moment[banks] for moment in self.moments[name])
            m.lerp_(w.grad, 1 - beta1)
            v.mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)
            scale = jobs.ADAM["rate"] / (1 - beta1 ** updates).view(shape)
            root = (v / (1 - beta2 ** updates).view(shape)).sqrt_().add_(jobs.ADAM["epsilon"])
            self.weights[name].index_copy_(0, banks, w - scale * m / root)
            self.moments[name][0].index_copy_(0, banks, m)
            self.moments[name][1].index_copy_(0, banks, v)

    def reverse(self, w, readout, step, x_t):
        return self.family.reverse(step, self.run(w, readout, x_t), x_t, self.family.noise(x_t))

    @torch.inference_mode()
    def sample(self, count):
        rows, dim = self.sizes["sample"], self.sizes["dim"]
        for _ in range(1 if self.sizes["one_step"] else count):
            x_t = self.family.start(torch.empty(1, rows, dim))
            steps = count if self.sizes["one_step"] else self.steps - 1
            for t in range(self.steps, self.steps - steps, -1):
                at = torch.tensor([t])
                step = self.family.of(at, (1, 1, 1))
                x_t = self.reverse_call(self.weights, self.readout(self.weights, at), step, x_t)
            if not self.sizes["one_step"]:
                step = self.family.of(torch.tensor([1]), (1, 1, 1))
                x_t = self.family.last(step, x_t, self.family.noise(x_t))
        return dict(rows=rows)

    @torch.inference_mode()
    def bound(self, count):
        """Terms of K: rows in one batch, groups of rows with their own t, one stratum a pass."""
        rows, terms, group = self.sizes["bound_rows"], self.sizes["bound_terms"], 16
        half = min(terms // 2, self.steps - 1)
        first = torch.from_numpy(jobs.strata(self.steps, half))
        for _ in range(count):
            total = torch.zeros(())
            x_0 = self.data[:rows].view(-1, group, self.sizes["dim"])
            for i in [*range(half)] * (terms // half):
                t = torch.randint(int(first[i]), max(int(first[i + 1]), int(first[i]) + 1),
                                  (rows // group,))
                step = self.family.of(t, (rows // group, 1, 1))
                total = total + self.score_call(self.weights, t, step, x_0,
                                                self.family.noise(x_0)).sum()
        return dict(evaluations=count * rows * terms, kl=total.item())

    def check(self, x_0, noise, t):
        x_0, noise, t = (torch.from_numpy(x) for x in (x_0, noise, t))
        loss, _ = self.loss_of(t, x_0, noise)
        with torch.inference_mode():
            step = self.family.of(t, (len(t), 1, 1))
            rows = self.score_call(self.weights, t, step, x_0, noise)
        return loss.item() / (self.steps - 1), rows.flatten().numpy()


if __name__ == "__main__":
    name, path, mode, threads, precision = sys.argv[1:]
    jobs.serve(Engine(name, path, mode, int(threads), precision))
