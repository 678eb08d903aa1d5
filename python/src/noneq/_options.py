"""_options.py - the options of fitting as keywords, from the C library's tables.

Made by python/tools/generate.py from the public headers; do not edit.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

# pylint: disable=too-many-arguments,too-many-locals,too-many-instance-attributes
# pylint: disable=too-many-statements,too-few-public-methods,too-many-lines

MODEL = ("kernel", "regressor", "steps", "schedule", "beta_1", "alpha_bar_last", "hidden", "wide",
    "activation", "readout", "image", "scales", "layers", "channels", "unet", "features",
    "pixel_hidden", "bumps", "base", "offset", "mean_form", "variance_form", "activity", "scale",
    "dequantize", "learn_last", "roles", "squares",)
TRAIN = ("updates", "epochs", "minutes", "batch", "weighting", "precision", "missing_as", "mirror",
    "rate", "rate_last", "optimizer", "clip", "average", "weight_decay", "dropout", "fit_updates",
    "starts", "share", "valid_every", "patience",)
FIT = ("preset", "valid", "init", "bootstrap",)
READ = ("header", "missing", "decimal", "separator", "comment", "columns", "drop", "types",
    "reduce",)


class FitOptions:
    """What can be chosen when a model is fitted.

    Each is None where it is chosen from the data, as the program does.

    Parameters
    ----------
    kernel : str, optional
        gaussian, binomial, or mixed: of columns of several kinds (default: by the data).
    regressor : str, optional
        rbf, mlp, image, table, tree, kernel or forest (default: image for pictures, table for mixed
        columns, else mlp).
    steps : int, optional
        diffusion steps T (default: by the kernel, or a schedule file).
    schedule : str, optional
        constant-fraction, learned, log-snr, linear, cosine or a file of numbers.
    beta_1 : float, optional
        first diffusion rate (default: by the kernel).
    alpha_bar_last : float, optional
        signal left after T steps (log-snr and learned schedules).
    hidden : str, optional
        widths of the hidden layers, such as 50,50,50; none (image): no dense pathway.
    wide : int, optional
        units of one wide layer beside the hidden layers (mlp with t as an input), with which t
        turns all units up and down; 0: none, -1: chosen (more than 32 bits, without hidden: 768).
    activation : str, optional
        sigmoid, tanh, silu or softplus (image: of convolutions, with tanh elsewhere).
    readout : str, optional
        per-step (own weights for each t), bumps (image: blended by t), both as in the paper, or
        embedding (t is an input).
    image : str, optional
        size of a picture, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH (default: the data's); larger
        pictures are cut into crops of it.
    scales : int, optional
        sizes at which an image network convolves: 1, 1/2, 1/4, ... (default: by the picture).
    layers : int, optional
        its layers of 3x3 convolutions; 0: none.
    channels : int, optional
        its numbers at each pixel of a convolution.
    unet : str, optional
        its numbers at each pixel of sizes 1, 1/2, 1/4, ..., as 16,32,64: convolutions go down these
        sizes and up again, layers of them at each (U-net), in place of scales and channels; none:
        no U-net.
    features : int, optional
        its numbers at each pixel from the hidden layers.
    pixel_hidden : str, optional
        widths of its layers within a pixel, as 24,24.
    bumps : int, optional
        its readouts, blended by time.
    base : str, optional
        normal: outputs are added to what the normal law of the training rows says, or none
        (default: normal for real numbers with roles 1).
    offset : str, optional
        tree or kernel: outputs of a network are added to what the tree of the training rows says,
        or the training rows themselves; none (default: none, but for bits a tree and none are
        begun, and the better on hold-out rows goes on).
    mean_form : str, optional
        what the mean output predicts: x0, forward (the reference code's form) or paper (appendix
        D's).
    variance_form : str, optional
        what the variance output is of: free (the reverse step), or belief (x_0 given x_t; default
        for mixed columns).
    activity : float, optional
        equilibrium mean of every bit (binomial); 0: each column's mean.
    scale : str, optional
        none, column or whole (default: column for real numbers).
    dequantize : float, optional
        width of the uniform noise added to data of whole numbers, in the data's units; -1: one grey
        level for pictures, else none.
    learn_last : int, optional
        1: learn p(x_0|x_1) too, 0: fix it to the forward kernel, as in the paper; -1: chosen (bits,
        mixed columns and T = 1: 1, else 0).
    roles : int, optional
        1: learn every p(some columns or pixels | some others) beside the joint law; -1: chosen
        (mixed columns: 1, else 0).
    squares : int, optional
        pictures, with roles 1: the network is told of the means of squares of N x N pixels, as a
        coarse model draws them; 0: of none.
    updates : int, optional
        updates of the weights (default: by data and network).
    epochs : float, optional
        the same in passes over the data.
    minutes : float, optional
        stop after this time instead.
    batch : int, optional
        rows per update (default: by the data).
    weighting : str, optional
        how steps count: bound (as in K) or v (coarse structure more, for better pictures).
    precision : str, optional
        float32, or bf16: factors of dense products rounded to bfloat16 in training.
    missing_as : str, optional
        what a missing cell is: level, of its column (mixed models), or fill, one to complete while
        the model is trained (others); default: by the kernel.
    mirror : int, optional
        1: pictures also mirrored left to right.
    rate : float, optional
        highest step size of the optimiser (default: by the network).
    rate_last : float, optional
        step size at the end, as a part of the highest.
    optimizer : str, optional
        adam or rmsprop.
    clip : float, optional
        largest norm of a gradient (default: by the network).
    average : float, optional
        what a running average of the weights keeps per update; 1: none (default: by the network).
    weight_decay : float, optional
        decoupled weight decay; -1: by the data.
    dropout : float, optional
        part of the hidden units dropped in training (default: by the data).
    fit_updates : int, optional
        first updates in which linear readouts are solved exactly (Gaussian, per-step).
    starts : int, optional
        first states, each trained for three eighths of the updates; that of the best K goes on.
    share : int, optional
        steps that share a readout at first (per-step readouts); 1: none, -1: chosen.
    valid_every : int, optional
        updates between hold-out evaluations.
    patience : int, optional
        hold-out evaluations without a rise of K beyond its error, after which the rate falls from
        the best state and training ends; 0: never (default: 10, with presets 0).
    preset : str, optional
        a configuration of the paper: see noneq.presets(); other options win over it.
    valid : str, optional
        hold-out rows: a file, or the fraction of DATA to set aside; 0: none. The default is 0.1, at
        most 5000 rows, but none with a preset or fewer than 200 rows. Where pictures are cut, the
        fraction is of pictures if there are ten, else the right part of each.
    init : str, optional
        start from this model: its weights, shape, schedule and scaling; the data's columns must be
        its own.
    bootstrap : bool, optional
        train on as many rows drawn from DATA with replacement; rows that were not drawn are the
        hold-out rows, unless valid takes a file, or 0.
    header : str, optional
        yes or no: whether the first line of a text table holds names (default: found out).
    missing : str, optional
        further words or numbers for a missing cell, TOKEN,... beside an empty cell, NA, N/A, NaN,
        None, null, <NA>, #N/A, NaT and ?.
    decimal : str, optional
        decimal point of text tables: . or , (default: .).
    separator : str, optional
        what stands between cells of text: a character, tab or blank (default: found out).
    comment : str, optional
        character that begins a line of comment, or none (default: #).
    columns : str, optional
        use only these columns of a text table, by name or number (3, 4-9), with commas between
        them; a name with a comma in double quotes.
    drop : str, optional
        leave these columns of a text table out.
    types : str, optional
        what columns are where they are not what would be found, NAME=KIND,...: real, whole,
        category, bit, spiked, date, constant or left-out.
    reduce : int, optional
        of pictures: the means of squares of N x N pixels in place of pixels; what is left over at
        the right and at the bottom is left out; 0: as the model's training, but pictures of the
        model's size as they are; 1: pixels.
    random_state : int, optional
        Seed of every random number; None is 1, as for the program: the same data, options and seed
        give the same model, bit for bit.
    threads : int, optional
        Worker threads; None: all cores. No result depends on it.
    progress : bool, optional
        Whether to show a bar (tqdm); None: where it is installed and somebody looks.
    """

    def __init__(self, *, kernel=None, regressor=None, steps=None, schedule=None, beta_1=None,
                 alpha_bar_last=None, hidden=None, wide=None, activation=None, readout=None,
                 image=None, scales=None, layers=None, channels=None, unet=None, features=None,
                 pixel_hidden=None, bumps=None, base=None, offset=None, mean_form=None,
                 variance_form=None, activity=None, scale=None, dequantize=None, learn_last=None,
                 roles=None, squares=None, updates=None, epochs=None, minutes=None, batch=None,
                 weighting=None, precision=None, missing_as=None, mirror=None, rate=None,
                 rate_last=None, optimizer=None, clip=None, average=None, weight_decay=None,
                 dropout=None, fit_updates=None, starts=None, share=None, valid_every=None,
                 patience=None, preset=None, valid=None, init=None, bootstrap=None, header=None,
                 missing=None, decimal=None, separator=None, comment=None, columns=None, drop=None,
                 types=None, reduce=None, random_state=None, threads=None, progress=None):
        self.kernel = kernel
        self.regressor = regressor
        self.steps = steps
        self.schedule = schedule
        self.beta_1 = beta_1
        self.alpha_bar_last = alpha_bar_last
        self.hidden = hidden
        self.wide = wide
        self.activation = activation
        self.readout = readout
        self.image = image
        self.scales = scales
        self.layers = layers
        self.channels = channels
        self.unet = unet
        self.features = features
        self.pixel_hidden = pixel_hidden
        self.bumps = bumps
        self.base = base
        self.offset = offset
        self.mean_form = mean_form
        self.variance_form = variance_form
        self.activity = activity
        self.scale = scale
        self.dequantize = dequantize
        self.learn_last = learn_last
        self.roles = roles
        self.squares = squares
        self.updates = updates
        self.epochs = epochs
        self.minutes = minutes
        self.batch = batch
        self.weighting = weighting
        self.precision = precision
        self.missing_as = missing_as
        self.mirror = mirror
        self.rate = rate
        self.rate_last = rate_last
        self.optimizer = optimizer
        self.clip = clip
        self.average = average
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.fit_updates = fit_updates
        self.starts = starts
        self.share = share
        self.valid_every = valid_every
        self.patience = patience
        self.preset = preset
        self.valid = valid
        self.init = init
        self.bootstrap = bootstrap
        self.header = header
        self.missing = missing
        self.decimal = decimal
        self.separator = separator
        self.comment = comment
        self.columns = columns
        self.drop = drop
        self.types = types
        self.reduce = reduce
        self.random_state = random_state
        self.threads = threads
        self.progress = progress
