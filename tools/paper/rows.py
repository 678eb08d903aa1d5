# rows.py - what [SD15] prints for each row, what is known beside it, and what our data are.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Read by page.py. `substitute`: the data are not the paper's."""

ROWS = [
    {"name": "swissroll", "title": "Swiss roll", "unit": "bits",
     "paper_bound": "2.35", "paper_gain": "6.45",
     "ceiling": "none: K grows by 1.5 bits for each factor of ten in β_1",
     "text": "A noiseless roll, as the paper's figure can only mean; on such data K depends on β_1, which "
             "[SD15] does not print, so the two figures cannot be compared. With T = 40 and β_1 = 1e-6 the "
             "best possible K is about 3.6 to 3.9 bits by schedule."},
    {"name": "heartbeat", "title": "Binary heartbeat", "unit": "bits/sequence",
     "paper_bound": "−2.414", "paper_gain": "12.024",
     "ceiling": "−2.368 at T = 2000; truth −2.322",
     "text": "The paper's data exactly: period 5, random phase, 20 bits."},
    {"name": "bark", "title": "Bark", "unit": "bits/pixel", "substitute": True,
     "paper_bound": "−0.55", "paper_gain": "1.5",
     "ceiling": "not known",
     "text": "**Substitute**: four photographs of bark from public collections, not the paper's (Lazebnik et "
             "al. 2005). Crops of the left halves to learn from, crops of the right halves side by side to judge "
             "by. K in scaled units depends on the photographs' own sharpness, so the paper's figure is no target. "
             "`inpainting.png`: a hole of 100 × 100 pixels in a photograph, drawn in two sizes by models of its left "
             "part; `knots.png`: another one, between two knots."},
    {"name": "deadleaves", "title": "Dead leaves", "unit": "bits/pixel", "substitute": True,
     "paper_bound": "1.489", "paper_gain": "3.536",
     "ceiling": "not known; see the Gaussian below",
     "text": "**Substitute**: pictures of our own generator (`noneq data deadleaves`: discs with radii from a power "
             "law, occluding), which is not the paper's (Jeulin 1997; Lee, Mumford & Huang 2001). Cut-offs of the "
             "radii, grey levels and dequantisation all change K, so compare with the Gaussian on the same crops, "
             "not with the paper's number. `discs.png`: leaves of radii 8 to 16, drawn in two sizes: by a model of "
             "means of 2 × 2 pixels and one that is told of them."},
    {"name": "cifar10", "title": "CIFAR-10", "unit": "bits/pixel", "substitute": True,
     "paper_bound": "5.4 ± 0.2", "paper_gain": "11.5 ± 0.2",
     "ceiling": "not known",
     "paper_grey": "log2(64.15) − 5.4 / 3 = 4.20",
     "text": "**Substitute**: the first 4,000 training pictures, of which 3,500 are learned from and 500 are judged "
             "by; [SD15] has 50,000 and 10,000. Fewer pictures make a worse model. `denoising.png`: signal-to-noise "
             "ratio 1, as figure 3 of the paper."},
    {"name": "mnist", "title": "MNIST", "unit": "bits/pixel",
     "ceiling": "perfect model 349 ± 3.3 [SD15]",
     "text": "Table 2's figure: the Parzen-window estimate of Goodfellow et al. 2014, with numbers divided by 255. The "
             "kernel's width is chosen on 1,000 test pictures that are then left out. It judges samples and is a "
             "poor density; K and bits per dimension are given beside it."},
]

# The paper's figures: number, what it shows, row, files of that row.
FIGURES = [
    ("1", "Swiss roll: data, the diffusion, what runs it back", "swissroll", ["roll.png"]),
    ("2", "Binary heartbeat: samples and training", "heartbeat", ["heartbeat.png"]),
    ("3", "CIFAR-10: noise taken off, samples", "cifar10", ["denoising.png", "samples.png"]),
    ("4", "Dead leaves: data, a sample", "deadleaves", ["data.png", "sample.png"]),
    ("4", "Dead leaves in two sizes", "deadleaves", ["discs_data.png", "discs.png"]),
    ("5", "Bark: a hole filled in", "bark", ["inpainting.png", "knots.png"]),
    ("App.1", "MNIST: samples", "mnist", ["samples.png"]),
]

# Table 2's column for MNIST, bits.
PAPER_PARZEN = [
    ("stacked CAE [SD15]", "174 ± 2.3"),
    ("DBN [SD15]", "199 ± 2.9"),
    ("deep GSN [SD15]", "309 ± 1.6"),
    ("diffusion [SD15]", "317 ± 2.7"),
    ("adversarial net [SD15]", "325 ± 2.9"),
    ("perfect model [SD15]", "349 ± 3.3"),
]
