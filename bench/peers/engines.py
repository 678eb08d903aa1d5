"""engines.py - the programs that run.py asks in turn: how each is started, spoken to and stopped."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import atexit
import json
import os
import signal
import subprocess
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
# Updates in one call of JAX's compiled function: more than one where a call costs as much as the
# update.
JAX_INNER = {"a": 20, "b": 10, "c": 1}
# Without it the allocator gives large arrays back after each operation, and their pages come back
# zeroed one by one.
MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "-1"}


class Failed(Exception):
    pass


def engine_table(job, options):
    """Name, what it is compared as, precision and command of every engine for this job."""
    here = lambda name: os.path.join(FOLDER, name)
    model = os.path.join(options.folder, job + ".nq")
    two = str(options.threads)
    table = [("noneq", "noneq", "float32", [options.noneq, job, two]),
             ("noneq, 1 thread", "noneq", "float32", [options.noneq, job, "1"])]
    if job == "c":
        table.append(("noneq, bf16", "noneq", "bf16", [options.noneq, job, two, "bf16"]))
    precisions = ["float32", "bf16"] if job == "c" else ["float32"]
    for precision in precisions:
        mark = ", bf16" if precision == "bf16" else ""
        for mode in ("eager", "compile") if "torch" in options.peers else ():
            table.append((f"PyTorch {mode}{mark}", "peer", precision,
                          [options.python, here("peer_torch.py"), job, model, mode, two,
                           precision]))
        if "jax" in options.peers and precision == "float32":
            table.append((f"JAX{mark}", "peer", precision,
                          [options.python, here("peer_jax.py"), job, model,
                           str(JAX_INNER[job]), precision]))
    return table


def environment(options):
    env = dict(os.environ, **MALLOC, OMP_NUM_THREADS=str(options.threads), JAX_PLATFORMS="cpu",
               CUDA_VISIBLE_DEVICES="", TORCHINDUCTOR_CACHE_DIR=options.folder + "/inductor",
               PYTHONDONTWRITEBYTECODE="1")
    env.pop("NONEQ_CPU", None)
    return env


class Engine:
    """A child process. It is stopped (SIGSTOP) unless it is asked something, so that threads that
    spin while they wait take nothing from the engine whose turn it is."""

    def __init__(self, name, kind, precision, command, options):
        self.name, self.kind, self.precision = name, kind, precision
        self.command, self.options = command, options
        self.log = open(os.path.join(options.folder, "engines.log"), "ab")
        # Peers only: noneq is timed as a user runs it.
        env = environment(options) if kind == "peer" else dict(os.environ)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log, env=env, text=True, bufsize=1)
        self.stopped = False
        atexit.register(self.kill)  # a stopped child would outlive an interrupted run

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()

    def ask(self, text):
        if self.stopped:
            os.kill(self.process.pid, signal.SIGCONT)
            self.stopped = False
        try:
            self.process.stdin.write(text + "\n")
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failed(f"{self.name} ended at \"{text}\" with status {self.process.wait()}; "
                         f"see {self.log.name}")
        reply = json.loads(line)
        if "error" in reply:
            raise Failed(f"{self.name} at \"{text}\": {reply['error']}")
        return reply

    def rest(self):
        os.kill(self.process.pid, signal.SIGSTOP)
        self.stopped = True

    def first_result(self):
        """Seconds from the start of the process to its first loss, and that loss."""
        reply = self.ask("check " + self.options.folder)
        return time.perf_counter() - self.started, reply

    def end(self):
        if self.stopped:
            os.kill(self.process.pid, signal.SIGCONT)
        try:
            self.process.stdin.close()
            self.process.wait(30)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
