"""_declared.py - the C interface: constants, structs, functions.

Made by python/tools/generate.py from the public headers; do not edit.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

# pylint: disable=too-few-public-methods,invalid-name,missing-class-docstring,missing-function-docstring,too-many-lines
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int,
                    c_int32, c_int64, c_size_t, c_ssize_t, c_uint32, c_uint64, c_void_p)

NQ_OK = 0
NQ_ERROR_MEMORY = -1
NQ_ERROR_ARGUMENT = -2
NQ_ERROR_FILE = -3
NQ_ERROR_FORMAT = -4
NQ_ERROR_SHAPE = -5
NQ_ERROR_DIVERGED = -6
NQ_ERROR_UNSUPPORTED = -7
NQ_ERROR_THREAD = -8
NQ_ERROR_RANK = -9
NQ_ERROR_STOPPED = -10
NQ_TEXT_SIZE = 256
NQ_STEPS_MOST = 100000
NQ_OPTION_TEXT = 0
NQ_OPTION_COUNT = 1
NQ_OPTION_NUMBER = 2
NQ_OPTION_SIZE = 3
NQ_OPTION_SEED = 4
NQ_OPTION_INT = 5
NQ_OPTION_FLAG = 6
NQ_OPTION_STRING = 7
NQ_OPTION_BYTES = 8
NQ_OPTION_AREA = 9
NQ_FAULT_CONSTANT = 1
NQ_FAULT_BIT = 2
NQ_FAULT_RANGE = 3
NQ_FAULT_FIGURE = 4
NQ_FAULT_VALUE = 5
NQ_ROLE_TARGET = 0
NQ_ROLE_KNOWN = 1
NQ_ROLE_ABSENT = 2
NQ_TRUST_FULL = 0
NQ_TRUST_CARE = 1
NQ_TRUST_AT_LEAST = 2
NQ_CHECK_SHARES = 4
NQ_FLOAT64 = 0
NQ_FLOAT32 = 1
NQ_FLOAT16 = 2
NQ_INT8 = 3
NQ_UINT8 = 4
NQ_INT16 = 5
NQ_UINT16 = 6
NQ_INT32 = 7
NQ_UINT32 = 8
NQ_INT64 = 9
NQ_UINT64 = 10
NQ_BOOL = 11
NQ_DATE_NONE = 0
NQ_DATE_DAYS = 1
NQ_DATE_SECONDS = 2
NQ_DATE_SECONDS_UTC = 3
NQ_TICKS_MOST = 12
NQ_TICK_SIZE = 40
NQ_AXIS_NUMBERS = 0
NQ_AXIS_DECADES = 1
NQ_AXIS_DAYS = 2
NQ_AXIS_SECONDS = 3
NQ_SLICES = 5
NQ_SIDE_DATA = 0
NQ_SIDE_SAMPLES = 1
NQ_SIDES = 2
NQ_BARS_MOST = 8
NQ_BINS_MOST = 36
NQ_LABEL_SIZE = 200
NQ_FIT_PATH = 4096
NQ_LIST_KERNELS = 0
NQ_LIST_REGRESSORS = 1
NQ_LIST_SCHEDULES = 2
NQ_LIST_PRESETS = 3
NQ_LIST_KINDS = 4
NQ_LIST_METHODS = 5
NQ_LIST_TWISTS = 6
NQ_LIST_DATA_SETS = 7
NQ_LIST_TABLES = 8
NQ_GO_ON = 0
NQ_STOP = 1
NQ_FINISH = 2
NQ_LOG_DETAIL = 0
NQ_LOG_INFO = 1
NQ_LOG_NOTE = 2
NQ_LOG_CAUTION = 3
NQ_LOG_WARNING = 4
NQ_PAIRED_DRAWS = 16
NQ_ANSWER_NAME = 160


class nq_area(Structure):
    _fields_ = [
        ("left", c_size_t),
        ("top", c_size_t),
        ("width", c_size_t),
        ("height", c_size_t),
    ]


class nq_option(Structure):
    _fields_ = [
        ("field", c_char_p),
        ("flag", c_char_p),
        ("type", c_int),
        ("offset", c_size_t),
        ("fallback", c_char_p),
        ("least", c_double),
        ("most", c_double),
        ("help", c_char_p),
    ]


class nq_options_type(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("size", c_size_t),
        ("first", c_size_t),
        ("table", POINTER(nq_option)),
        ("count", c_size_t),
    ]


class nq_context_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("threads", c_int),
        ("cpu", c_char_p),
        ("names", c_char_p),
    ]


class nq_read_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("header", c_char * 256),
        ("missing", c_char * 256),
        ("decimal", c_char * 256),
        ("separator", c_char * 256),
        ("comment", c_char * 256),
        ("for_model", c_int64),
        ("keep_text", c_int64),
        ("columns", c_char_p),
        ("drop", c_char_p),
        ("types", c_char_p),
        ("reduce", c_int64),
    ]


class nq_generate_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("rows", c_size_t),
        ("dim", c_size_t),
        ("noise", c_double),
        ("seed", c_uint64),
        ("side", c_size_t),
        ("radius_least", c_double),
        ("radius_most", c_double),
    ]


class nq_column_facts(Structure):
    _fields_ = [
        ("name", c_char_p),
        ("kind", c_char_p),
        ("why", c_char_p),
        ("is_told", c_int),
        ("is_text", c_int),
        ("is_date", c_int),
        ("rows", c_size_t),
        ("missing", c_size_t),
        ("least", c_double),
        ("most", c_double),
        ("step", c_double),
        ("offset", c_double),
        ("decimals", c_int),
        ("levels", c_size_t),
        ("source", c_size_t),
    ]


class nq_outlier(Structure):
    _fields_ = [
        ("row", c_size_t),
        ("column", c_size_t),
        ("value", c_double),
        ("deviations", c_double),
    ]


class nq_picture(Structure):
    _fields_ = [
        ("channels", c_size_t),
        ("height", c_size_t),
        ("width", c_size_t),
    ]


class nq_crop_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("height", c_size_t),
        ("width", c_size_t),
        ("stride", c_size_t),
        ("mirror", c_int),
        ("area", nq_area),
    ]


class nq_beside(Structure):
    _fields_ = [
        ("rows", c_void_p),
        ("before", c_size_t),
        ("after", c_size_t),
        ("before_values", c_void_p),
        ("after_values", c_void_p),
        ("before_names", c_void_p),
        ("after_names", c_void_p),
        ("carried_only", c_int),
    ]


class ArrowSchema(Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", c_void_p),
    ("dictionary", POINTER(ArrowSchema)),
    ("release", CFUNCTYPE(None, POINTER(ArrowSchema))),
    ("private_data", c_void_p),
]


class ArrowArray(Structure):
    pass


ArrowArray._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", c_void_p),
    ("children", c_void_p),
    ("dictionary", POINTER(ArrowArray)),
    ("release", CFUNCTYPE(None, POINTER(ArrowArray))),
    ("private_data", c_void_p),
]


class ArrowArrayStream(Structure):
    pass


ArrowArrayStream._fields_ = [
    ("get_schema", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowSchema))),
    ("get_next", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowArray))),
    ("get_last_error", CFUNCTYPE(c_char_p, POINTER(ArrowArrayStream))),
    ("release", CFUNCTYPE(None, POINTER(ArrowArrayStream))),
    ("private_data", c_void_p),
]


class nq_tree_node(Structure):
    _fields_ = [
        ("feature", c_int32),
        ("left", c_uint32),
        ("missing_left", c_int32),
        ("value", c_float),
    ]


class nq_growth(Structure):
    _fields_ = [
        ("depth", c_int32),
        ("smoothing", c_float),
        ("least", c_float),
    ]


class nq_booster(Structure):
    _fields_ = [
        ("state", c_void_p),
        ("prepare", CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)),
        ("open", CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_size_t, c_size_t, c_void_p, c_size_t)),
        ("grow", CFUNCTYPE(c_int, c_void_p, POINTER(nq_growth), c_void_p, c_void_p, POINTER(nq_tree_node), c_void_p, c_void_p, c_size_t)),
        ("close", CFUNCTYPE(None, c_void_p)),
    ]


class nq_model_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("kernel", c_char * 256),
        ("regressor", c_char * 256),
        ("steps", c_int64),
        ("schedule", c_char * 256),
        ("beta_1", c_double),
        ("alpha_bar_last", c_double),
        ("hidden", c_char * 256),
        ("wide", c_int64),
        ("activation", c_char * 256),
        ("readout", c_char * 256),
        ("image", c_char * 256),
        ("scales", c_int64),
        ("layers", c_int64),
        ("channels", c_int64),
        ("unet", c_char * 256),
        ("features", c_int64),
        ("pixel_hidden", c_char * 256),
        ("bumps", c_int64),
        ("base", c_char * 256),
        ("offset", c_char * 256),
        ("mean_form", c_char * 256),
        ("variance_form", c_char * 256),
        ("activity", c_double),
        ("scale", c_char * 256),
        ("dequantize", c_double),
        ("learn_last", c_int64),
        ("roles", c_int64),
        ("squares", c_int64),
        ("model_seed", c_int64),
    ]


class nq_train_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("updates", c_int64),
        ("epochs", c_double),
        ("minutes", c_double),
        ("batch", c_int64),
        ("weighting", c_char * 256),
        ("precision", c_char * 256),
        ("missing_as", c_char * 256),
        ("mirror", c_int64),
        ("rate", c_double),
        ("rate_last", c_double),
        ("optimizer", c_char * 256),
        ("clip", c_double),
        ("average", c_double),
        ("weight_decay", c_double),
        ("dropout", c_double),
        ("fit_updates", c_int64),
        ("starts", c_int64),
        ("share", c_int64),
        ("valid_every", c_int64),
        ("patience", c_int64),
        ("seed", c_int64),
    ]


class nq_schedule(Structure):
    _fields_ = [
        ("steps", c_size_t),
        ("beta", c_void_p),
        ("alpha_bar", c_void_p),
        ("one_minus_alpha_bar", c_void_p),
        ("log_v", c_void_p),
    ]


class nq_row_fault(Structure):
    _fields_ = [
        ("row", c_size_t),
        ("column", c_size_t),
        ("value", c_double),
        ("kind", c_int),
        ("place", c_char * 200),
    ]


class nq_bound_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("terms", c_size_t),
        ("seed", c_uint64),
        ("max_rows", c_size_t),
        ("each_row", c_int),
        ("by_column", c_int),
        ("roles", c_void_p),
        ("steps", c_size_t),
    ]


class nq_bound(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("dim", c_size_t),
        ("steps", c_size_t),
        ("terms", c_size_t),
        ("bound", c_double),
        ("se", c_double),
        ("se_rows", c_double),
        ("bound_paper", c_double),
        ("null", c_double),
        ("gain", c_double),
        ("entropy_first", c_double),
        ("entropy_last", c_double),
        ("entropy_prior", c_double),
        ("kl", c_void_p),
        ("kl_se", c_void_p),
        ("row_bound", c_void_p),
        ("row_se", c_void_p),
        ("all_rows", c_size_t),
        ("faults", POINTER(nq_row_fault)),
        ("impossible", c_size_t),
        ("column_bound", c_void_p),
        ("row_column_bound", c_void_p),
        ("columns", c_size_t),
    ]


class nq_comparison(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("terms", c_size_t * 2),
        ("bound", c_double * 2),
        ("difference", c_double),
        ("se", c_double),
        ("impossible", c_size_t * 2),
        ("faults", POINTER(nq_row_fault) * 2),
        ("columns", c_size_t),
        ("column_difference", c_void_p),
        ("column_se", c_void_p),
    ]


class nq_ais_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("samples", c_size_t),
        ("seed", c_uint64),
        ("max_rows", c_size_t),
        ("target_se", c_double),
        ("most_samples", c_size_t),
        ("roles", c_void_p),
        ("steps", c_size_t),
    ]


class nq_pareto(Structure):
    _fields_ = [
        ("khat", c_double),
        ("sigma", c_double),
        ("threshold", c_double),
        ("needed", c_double),
        ("tail", c_size_t),
        ("reliable", c_int),
    ]


class nq_ais(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("dim", c_size_t),
        ("samples", c_size_t),
        ("likelihood", c_double),
        ("se", c_double),
        ("se_rows", c_double),
        ("ess", c_double),
        ("mean_log_weight", c_double),
        ("reached", c_int),
        ("row_likelihood", c_void_p),
        ("row_se", c_void_p),
        ("row_ess", c_void_p),
        ("row_bound", c_void_p),
        ("lower", c_double),
        ("bias", c_double),
        ("khat", c_double),
        ("needed", c_double),
        ("trust", c_int),
        ("rows_at_least", c_size_t),
        ("row_lower", c_void_p),
        ("row_khat", c_void_p),
        ("row_trust", c_void_p),
        ("all_rows", c_size_t),
        ("faults", POINTER(nq_row_fault)),
        ("impossible", c_size_t),
    ]


class nq_parzen_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("unit", c_double),
        ("width", c_double),
        ("valid_rows", c_size_t),
    ]


class nq_parzen(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("samples", c_size_t),
        ("dim", c_size_t),
        ("width", c_double),
        ("likelihood", c_double),
        ("se", c_double),
        ("se_samples", c_double),
    ]


class nq_exact(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("log_law", c_double),
        ("se_rows", c_double),
    ]


class nq_entropy(Structure):
    _fields_ = [
        ("steps", c_size_t),
        ("dim", c_size_t),
        ("lower", c_void_p),
        ("upper", c_void_p),
        ("kl", c_void_p),
        ("kl_se", c_void_p),
        ("kl_sum", c_void_p),
        ("data_upper", c_double),
        ("largest_variance", c_double),
        ("upper_holds", c_int),
    ]


class nq_check_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("seed", c_uint64),
        ("max_rows", c_size_t),
        ("draws", c_size_t),
        ("given_rows", c_size_t),
        ("self_rows", c_size_t),
        ("permutations", c_size_t),
        ("level", c_double),
    ]


class nq_rank_test(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("p", c_double),
        ("shift", c_double),
        ("spread", c_double),
        ("chi2", c_double),
        ("df", c_size_t),
        ("p_shape", c_double),
        ("p_adjusted", c_double),
    ]


class nq_check_column(Structure):
    _fields_ = [
        ("column", c_size_t),
        ("is_level", c_int),
        ("marginal", nq_rank_test),
        ("given", nq_rank_test),
        ("self", nq_rank_test),
        ("shift_size", c_double),
        ("width_ratio", c_double),
        ("distance", c_double),
        ("level", c_double),
        ("level_rows", c_double),
        ("level_draws", c_double),
    ]


class nq_check_coverage(Structure):
    _fields_ = [
        ("kind", c_char_p),
        ("columns", c_size_t),
        ("values", c_size_t),
        ("part", c_double * 4),
        ("se", c_double * 4),
        ("given_values", c_size_t),
        ("given_part", c_double * 4),
        ("given_se", c_double * 4),
    ]


class nq_check_test(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("draws", c_size_t),
        ("why", c_char_p),
        ("p", c_double),
    ]


class nq_check(Structure):
    pass


nq_check._fields_ = [
    ("rows", c_size_t),
    ("full", c_size_t),
    ("faults", POINTER(nq_row_fault)),
    ("impossible", c_size_t),
    ("of_training", c_int),
    ("level", c_double),
    ("columns", POINTER(nq_check_column)),
    ("column_count", c_size_t),
    ("coverage", POINTER(nq_check_coverage)),
    ("coverage_count", c_size_t),
    ("marginal", nq_check_test),
    ("given", nq_check_test),
    ("self", nq_check_test),
    ("classifier", nq_check_test),
    ("density", nq_check_test),
    ("self_method", c_char_p),
    ("auc", c_double),
    ("auc_se", c_double),
    ("accuracy", c_double),
    ("permutations", c_size_t),
    ("bound_rows", c_double),
    ("bound_rows_se", c_double),
    ("bound_draws", c_double),
    ("bound_draws_se", c_double),
    ("bound_test", nq_rank_test),
    ("p", c_double),
    ("is_calibrated", c_int),
    ("is_consistent", c_int),
]


class nq_column(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("name", c_char_p),
        ("element", c_int),
        ("start", c_void_p),
        ("stride", c_ssize_t),
        ("validity", c_void_p),
        ("validity_first", c_size_t),
        ("levels", c_void_p),
        ("level_count", c_size_t),
        ("unit", c_char_p),
        ("kind", c_char_p),
        ("date", c_int),
    ]


class nq_comm(Structure):
    _fields_ = [
        ("rank", c_int),
        ("size", c_int),
        ("state", c_void_p),
        ("share", CFUNCTYPE(c_int, c_void_p, c_int, c_void_p, c_size_t)),
        ("gather", CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)),
        ("send", CFUNCTYPE(c_int, c_void_p, c_int, c_void_p, c_size_t)),
        ("receive", CFUNCTYPE(c_int, c_void_p, c_int, c_void_p, c_size_t)),
    ]


class nq_source(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("path", c_char_p),
        ("data", c_void_p),
        ("read", POINTER(nq_read_options)),
        ("area", nq_area),
    ]


class nq_view_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("image", c_char_p),
        ("black", c_double),
        ("white", c_double),
        ("depth", c_int64),
    ]


class nq_fill_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("draws", c_size_t),
        ("mean", c_int),
        ("quantiles", c_char_p),
        ("sheet", c_char_p),
        ("score", c_int),
        ("json", c_int),
        ("rows", c_size_t),
        ("mask", c_char_p),
        ("unseen", c_char_p),
        ("coarse", c_char_p),
        ("method", c_char_p),
        ("particles", c_size_t),
        ("twist", c_char_p),
        ("given", c_char_p),
        ("observe", c_char_p),
        ("evidence", c_char_p),
        ("jumps", c_size_t),
        ("steps", c_size_t),
        ("seed", c_uint64),
        ("view", POINTER(nq_view_options)),
    ]


class nq_noise_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("sigma", c_double),
        ("snr", c_double),
        ("flip", c_double),
        ("add_noise", c_int),
    ]


class nq_fill_score(Structure):
    _fields_ = [
        ("cells", c_size_t),
        ("texts", c_size_t),
        ("rmse", c_double),
        ("rmse_scaled", c_double),
        ("crps", c_double),
        ("energy", c_double),
        ("coverage_90", c_double),
        ("texts_agree", c_double),
        ("texts_right", c_double),
    ]


class nq_filled(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("each", c_size_t),
        ("columns", c_size_t),
        ("values", c_void_p),
        ("draws", c_size_t),
        ("method", c_char_p),
        ("log_evidence", c_void_p),
        ("score", nq_fill_score),
        ("least_ess", c_double),
        ("few", c_size_t),
        ("seconds", c_double),
    ]


class nq_draw_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("rows", c_size_t),
        ("output", c_char_p),
        ("steps", c_size_t),
        ("trajectory", c_size_t),
        ("columns", c_size_t),
        ("picture_size", c_char_p),
        ("coarse", c_char_p),
        ("levels", c_int),
        ("given", c_char_p),
        ("particles", c_size_t),
        ("json", c_int),
        ("seed", c_uint64),
        ("view", POINTER(nq_view_options)),
    ]


class nq_drawn(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("columns", c_size_t),
        ("slices", c_size_t),
        ("values", c_void_p),
        ("times", c_void_p),
        ("log_evidence", c_double),
        ("log_evidence_se", c_double),
        ("ess", c_double),
        ("starts", c_size_t),
        ("particles", c_size_t),
        ("is_density", c_int),
    ]


class nq_axis(Structure):
    _fields_ = [
        ("kind", c_int),
        ("low", c_double),
        ("high", c_double),
        ("length", c_double),
        ("overhang", c_double),
        ("characters_most", c_size_t),
        ("measure", CFUNCTYPE(c_double, c_void_p, c_char_p)),
        ("user", c_void_p),
    ]


class nq_ticks(Structure):
    _fields_ = [
        ("value", c_double * 12),
        ("label", c_char * 40 * 12),
        ("shift", c_double * 12),
        ("count", c_size_t),
        ("note", c_char * 64),
    ]


class nq_slices(Structure):
    _fields_ = [
        ("times", c_size_t * 5),
        ("rows", c_size_t),
        ("columns", c_size_t),
        ("forward", c_void_p * 5),
        ("reverse", c_void_p * 5),
        ("from_data", c_int),
    ]


class nq_sides(Structure):
    _fields_ = [
        ("rows", c_void_p * 2),
        ("count", c_size_t * 2),
    ]


class nq_column_figure(Structure):
    _fields_ = [
        ("labels", c_char * 200 * 8),
        ("parts", c_double * 2 * 8),
        ("bars", c_size_t),
        ("has_bins", c_int),
        ("low", c_double),
        ("high", c_double),
        ("bins", c_double * 36 * 2),
        ("bin_count", c_size_t),
        ("axis", c_int),
    ]


class nq_train_state(Structure):
    _fields_ = [
        ("update", c_int64),
        ("planned", c_int64),
        ("progress", c_double),
        ("seconds", c_double),
        ("rate", c_double),
        ("bound", c_double),
        ("null", c_double),
        ("valid_bound", c_double),
        ("valid_se", c_double),
        ("best_bound", c_double),
        ("best_update", c_int64),
        ("stage", c_char_p),
        ("done", c_int),
        ("check_bound", c_double),
        ("check_se", c_double),
        ("check_se_rows", c_double),
        ("start", c_int64),
        ("starts", c_int64),
    ]


class nq_setting(Structure):
    _fields_ = [
        ("field", c_char_p),
        ("text", c_char_p),
    ]


class nq_fit_result(Structure):
    _fields_ = [
        ("state", nq_train_state),
        ("finished", c_int),
        ("has_model", c_int),
        ("number", c_int64),
        ("output", c_char * 4096),
    ]


class nq_fit_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("preset", c_char_p),
        ("valid", c_char_p),
        ("area", nq_area),
        ("init", c_char_p),
        ("bootstrap", c_int),
        ("models", c_int64),
        ("checkpoint_every", c_double),
        ("resume", c_int),
        ("restart", c_int),
        ("model", POINTER(nq_model_options)),
        ("train", POINTER(nq_train_options)),
        ("settings", POINTER(nq_setting)),
        ("setting_count", c_size_t),
        ("valid_data", c_void_p),
        ("updated", CFUNCTYPE(c_int, c_void_p, POINTER(nq_fit_result))),
        ("user", c_void_p),
        ("log", c_char_p),
    ]


class nq_progress(Structure):
    _fields_ = [
        ("what", c_char_p),
        ("part", c_double),
        ("done", c_double),
        ("total", c_double),
    ]


class nq_monitor(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("progress", CFUNCTYPE(c_int, c_void_p, POINTER(nq_progress))),
        ("log", CFUNCTYPE(None, c_void_p, c_int, c_char_p)),
        ("user", c_void_p),
        ("least", c_int),
    ]


class nq_page_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("title", c_char_p),
        ("max_rows", c_size_t),
        ("samples", c_size_t),
        ("ais", c_size_t),
        ("permutations", c_size_t),
        ("seed", c_uint64),
        ("json", c_int),
        ("model_path", c_char_p),
    ]


class nq_pool_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("df", c_double),
        ("level", c_double),
        ("models", c_size_t),
    ]


class nq_pooled(Structure):
    _fields_ = [
        ("count", c_size_t),
        ("mean", c_double),
        ("within", c_double),
        ("between", c_double),
        ("within_models", c_double),
        ("total", c_double),
        ("lambda", c_double),
        ("df_old", c_double),
        ("df_observed", c_double),
        ("df", c_double),
        ("se", c_double),
        ("low", c_double),
        ("high", c_double),
    ]


class nq_squares(Structure):
    _fields_ = [
        ("side", c_size_t),
        ("top", c_size_t),
        ("left", c_size_t),
        ("down", c_size_t),
        ("across", c_size_t),
    ]


class nq_condition(Structure):
    _fields_ = [
        ("terms", c_size_t),
        ("column", c_void_p),
        ("coefficient", c_void_p),
        ("intervals", c_size_t),
        ("ends", c_void_p),
        ("levels", c_void_p),
    ]


class nq_posterior_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("method", c_char * 256),
        ("twist", c_char * 256),
        ("draws", c_size_t),
        ("particles", c_size_t),
        ("jumps", c_size_t),
        ("first", c_size_t),
        ("seed", c_uint64),
        ("steps", c_size_t),
    ]


class nq_posterior(Structure):
    _fields_ = [
        ("targets", c_size_t),
        ("draws", c_size_t),
        ("columns", c_size_t),
        ("particles", c_size_t),
        ("method", c_char_p),
        ("samples", c_void_p),
        ("log_evidence", c_void_p),
        ("log_evidence_se", c_void_p),
        ("ess", c_void_p),
        ("resamplings", c_void_p),
        ("starts", c_void_p),
    ]


class nq_inpaint_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("posterior", POINTER(nq_posterior_options)),
        ("margin", c_size_t),
        ("most", c_size_t),
        ("sigma", c_double),
        ("side", c_size_t),
        ("coarse", c_void_p),
    ]


class nq_check_report_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("max_rows", c_size_t),
        ("draws", c_size_t),
        ("given_rows", c_size_t),
        ("self_rows", c_size_t),
        ("permutations", c_size_t),
        ("level", c_double),
        ("seed", c_uint64),
        ("json", c_int),
        ("model_path", c_char_p),
    ]


class nq_describe_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("json", c_int),
        ("model_path", c_char_p),
    ]


class nq_pool_tables_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("mean", c_char_p),
        ("proportion", c_char_p),
        ("quantile", c_char_p),
        ("regress", c_char_p),
        ("level", c_double),
        ("json", c_int),
    ]


class nq_pool_answers(Structure):
    _fields_ = [
        ("tables", c_size_t),
        ("rows", c_size_t),
        ("models", c_size_t),
        ("count", c_size_t),
        ("names", c_void_p),
        ("answers", POINTER(nq_pooled)),
    ]


class nq_benchmark_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("seconds", c_double),
        ("json", c_int),
    ]


class nq_sample_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("rows", c_size_t),
        ("seed", c_uint64),
        ("first", c_size_t),
        ("steps", c_size_t),
    ]


class nq_score_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("top", c_size_t),
        ("terms", c_size_t),
        ("steps", c_size_t),
        ("by_column", c_int),
        ("seed", c_uint64),
        ("json", c_int),
        ("model_path", c_char_p),
        ("ais", c_size_t),
        ("target_se", c_double),
        ("most", c_size_t),
        ("units", c_char_p),
        ("of", c_char_p),
        ("given", c_char_p),
        ("round", CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)),
        ("user", c_void_p),
    ]


class nq_scores(Structure):
    _fields_ = [
        ("rows", c_size_t),
        ("units", c_char_p),
        ("terms", c_size_t),
        ("samples", c_size_t),
        ("score", c_void_p),
        ("se", c_void_p),
        ("lower", c_void_p),
        ("ess", c_void_p),
        ("khat", c_void_p),
        ("trust", c_void_p),
        ("rows_at_least", c_size_t),
        ("column_score", c_void_p),
        ("columns", c_size_t),
        ("faults", POINTER(nq_row_fault)),
        ("impossible", c_size_t),
        ("finished", c_int),
    ]


class nq_evaluate_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("terms", c_size_t),
        ("max_rows", c_size_t),
        ("steps", c_size_t),
        ("entropy", c_int),
        ("white", c_double),
        ("parzen", c_char_p),
        ("parzen_valid", c_char_p),
        ("parzen_width", c_double),
        ("seed", c_uint64),
        ("json", c_int),
        ("model_path", c_char_p),
        ("log_path", c_char_p),
        ("ais", c_size_t),
        ("target_se", c_double),
        ("most", c_size_t),
        ("units", c_char_p),
        ("of", c_char_p),
        ("given", c_char_p),
        ("round", CFUNCTYPE(None, c_void_p, c_void_p, c_size_t)),
        ("user", c_void_p),
    ]


class nq_evaluation(Structure):
    _fields_ = [
        ("units", c_char_p),
        ("shift", c_double),
        ("bound", nq_bound),
        ("ais", nq_ais),
        ("entropy", nq_entropy),
        ("parzen", nq_parzen),
        ("parzen_unit", c_double),
        ("exact", nq_exact),
        ("has_ais", c_int),
        ("has_entropy", c_int),
        ("has_parzen", c_int),
        ("has_exact", c_int),
        ("finished", c_int),
    ]


class nq_compare_options(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("output", c_char_p),
        ("terms", c_size_t),
        ("max_rows", c_size_t),
        ("steps", c_char_p),
        ("seed", c_uint64),
        ("json", c_int),
        ("first_path", c_char_p),
        ("second_path", c_char_p),
    ]


# name: (result, arguments)
FUNCTIONS = {
    "nq_ais_estimate": (c_int, [POINTER(nq_ais), c_void_p, c_void_p, c_void_p,
        POINTER(nq_ais_options)]),
    "nq_ais_free": (None, [POINTER(nq_ais)]),
    "nq_ais_new": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(nq_ais_options)]),
    "nq_ais_options_init": (None, [POINTER(nq_ais_options), c_size_t]),
    "nq_ais_result": (c_int, [POINTER(nq_ais), c_void_p]),
    "nq_ais_run_free": (None, [c_void_p]),
    "nq_ais_step": (c_int, [c_void_p, c_void_p]),
    "nq_benchmark": (c_int, [c_void_p, c_void_p, POINTER(nq_benchmark_options)]),
    "nq_benchmark_options_init": (None, [POINTER(nq_benchmark_options), c_size_t]),
    "nq_bound_estimate": (c_int, [POINTER(nq_bound), c_void_p, c_void_p, c_void_p,
        POINTER(nq_bound_options)]),
    "nq_bound_free": (None, [POINTER(nq_bound)]),
    "nq_bound_options_init": (None, [POINTER(nq_bound_options), c_size_t]),
    "nq_bytes_free": (None, [c_void_p]),
    "nq_check_estimate": (c_int, [POINTER(nq_check), c_void_p, c_void_p, c_void_p,
        POINTER(nq_check_options)]),
    "nq_check_free": (None, [POINTER(nq_check)]),
    "nq_check_options_init": (None, [POINTER(nq_check_options), c_size_t]),
    "nq_check_report": (c_int, [POINTER(nq_check), c_void_p, c_void_p, c_void_p, POINTER(nq_source),
        POINTER(nq_check_report_options)]),
    "nq_check_report_options_init": (None, [POINTER(nq_check_report_options), c_size_t]),
    "nq_check_share": (c_double, [c_size_t]),
    "nq_checkpoint_train_options": (c_int, [POINTER(nq_train_options), c_void_p, c_char_p]),
    "nq_column_axis": (c_int, [c_void_p, c_size_t]),
    "nq_column_figure_make": (c_int, [POINTER(nq_column_figure), c_void_p, c_void_p,
        POINTER(nq_sides), c_size_t]),
    "nq_compare": (c_int, [POINTER(nq_comparison), c_void_p, c_void_p, c_void_p, c_void_p,
        POINTER(nq_source), POINTER(nq_compare_options)]),
    "nq_compare_options_init": (None, [POINTER(nq_compare_options), c_size_t]),
    "nq_comparison_estimate": (c_int, [POINTER(nq_comparison), c_void_p, c_void_p, c_void_p,
        c_void_p, POINTER(nq_bound_options)]),
    "nq_comparison_free": (None, [POINTER(nq_comparison)]),
    "nq_condition_holds": (c_int, [c_void_p, POINTER(nq_condition), c_void_p]),
    "nq_context_cpu": (c_char_p, [c_void_p]),
    "nq_context_drop_files": (None, [c_void_p]),
    "nq_context_free": (None, [c_void_p]),
    "nq_context_message": (c_char_p, [c_void_p]),
    "nq_context_new": (c_int, [c_void_p, POINTER(nq_context_options)]),
    "nq_context_options_init": (None, [POINTER(nq_context_options), c_size_t]),
    "nq_context_rank": (c_int, [c_void_p]),
    "nq_context_ranks": (c_int, [c_void_p]),
    "nq_context_share": (c_int, [c_void_p, c_void_p, c_size_t]),
    "nq_context_threads": (c_int, [c_void_p]),
    "nq_context_use_booster": (None, [c_void_p, POINTER(nq_booster)]),
    "nq_context_use_comm": (c_int, [c_void_p, POINTER(nq_comm)]),
    "nq_context_watch": (c_int, [c_void_p, POINTER(nq_monitor)]),
    "nq_crop_options_init": (None, [POINTER(nq_crop_options), c_size_t]),
    "nq_dataset_bootstrap": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint64]),
    "nq_dataset_cell_place": (c_int, [c_void_p, c_size_t, c_void_p, c_size_t, c_size_t]),
    "nq_dataset_cell_text": (c_size_t, [c_void_p, c_size_t, c_void_p, c_size_t, c_double]),
    "nq_dataset_column_facts": (c_int, [POINTER(nq_column_facts), c_void_p, c_void_p, c_size_t]),
    "nq_dataset_column_name": (c_char_p, [c_void_p, c_size_t]),
    "nq_dataset_crops": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_crop_options)]),
    "nq_dataset_dim": (c_size_t, [c_void_p]),
    "nq_dataset_file_column": (c_size_t, [c_void_p, c_size_t]),
    "nq_dataset_file_columns": (c_size_t, [c_void_p]),
    "nq_dataset_for_model": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "nq_dataset_for_training": (c_int, [c_void_p, c_void_p, c_void_p]),
    "nq_dataset_free": (None, [c_void_p]),
    "nq_dataset_from_array": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, c_size_t, c_void_p]),
    "nq_dataset_from_arrow": (c_int, [c_void_p, c_void_p, POINTER(ArrowArray),
        POINTER(ArrowSchema)]),
    "nq_dataset_from_arrow_stream": (c_int, [c_void_p, c_void_p, POINTER(ArrowArrayStream)]),
    "nq_dataset_from_columns": (c_int, [c_void_p, c_void_p, POINTER(nq_column), c_size_t,
        c_size_t]),
    "nq_dataset_generate": (c_int, [c_void_p, c_void_p, c_char_p, POINTER(nq_generate_options)]),
    "nq_dataset_generate_to": (c_int, [c_char_p, c_void_p, c_char_p, POINTER(nq_generate_options)]),
    "nq_dataset_generators": (None, [c_void_p, c_void_p]),
    "nq_dataset_grey_level": (c_double, [c_void_p]),
    "nq_dataset_has_text": (c_int, [c_void_p]),
    "nq_dataset_is_binary": (c_int, [c_void_p]),
    "nq_dataset_left_out": (c_char_p, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_dataset_level": (c_double, [c_void_p, c_void_p, c_void_p, c_size_t, c_size_t]),
    "nq_dataset_missing": (c_size_t, [c_void_p, c_void_p, c_void_p]),
    "nq_dataset_note": (c_char_p, [c_void_p, c_size_t]),
    "nq_dataset_note_count": (c_size_t, [c_void_p]),
    "nq_dataset_open": (c_int, [c_void_p, c_void_p, c_char_p]),
    "nq_dataset_open_with": (c_int, [c_void_p, c_void_p, c_char_p, POINTER(nq_read_options)]),
    "nq_dataset_outliers": (c_int, [POINTER(nq_outlier), c_void_p, c_void_p, c_void_p, c_double,
        c_size_t]),
    "nq_dataset_picture": (None, [POINTER(nq_picture), c_void_p]),
    "nq_dataset_reduce": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_dataset_reduce_for_model": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "nq_dataset_reduced": (c_size_t, [c_void_p]),
    "nq_dataset_row": (None, [c_void_p, c_void_p, c_size_t]),
    "nq_dataset_rows": (c_size_t, [c_void_p]),
    "nq_dataset_set_picture": (c_int, [c_void_p, c_void_p, POINTER(nq_picture)]),
    "nq_dataset_slice": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, c_size_t]),
    "nq_dataset_split": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_double, c_uint64]),
    "nq_dataset_to_arrow": (c_int, [POINTER(ArrowArray), POINTER(ArrowSchema), c_void_p, c_void_p]),
    "nq_dataset_to_arrow_like": (c_int, [POINTER(ArrowArray), POINTER(ArrowSchema), c_void_p,
        c_void_p, POINTER(ArrowSchema), c_void_p]),
    "nq_dataset_to_arrow_stream": (c_int, [POINTER(ArrowArrayStream), c_void_p, c_void_p,
        POINTER(ArrowSchema), c_void_p]),
    "nq_dataset_write_like": (c_int, [c_char_p, c_void_p, c_void_p, c_void_p, c_size_t,
        POINTER(nq_beside)]),
    "nq_denoise": (c_int, [POINTER(nq_filled), c_void_p, c_void_p, c_void_p, c_size_t,
        POINTER(nq_source), POINTER(nq_noise_options), POINTER(nq_fill_options)]),
    "nq_describe_data": (c_int, [c_void_p, c_void_p, POINTER(nq_source),
        POINTER(nq_describe_options)]),
    "nq_describe_model": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_describe_options)]),
    "nq_describe_options_init": (None, [POINTER(nq_describe_options), c_size_t]),
    "nq_draw": (c_int, [POINTER(nq_drawn), c_void_p, c_void_p, c_void_p, POINTER(nq_draw_options)]),
    "nq_draw_options_init": (None, [POINTER(nq_draw_options), c_size_t]),
    "nq_drawn_free": (None, [POINTER(nq_drawn)]),
    "nq_entropy_account": (c_int, [POINTER(nq_entropy), c_void_p, c_void_p, c_void_p,
        POINTER(nq_bound)]),
    "nq_entropy_free": (None, [POINTER(nq_entropy)]),
    "nq_evaluate": (c_int, [POINTER(nq_evaluation), c_void_p, c_void_p, c_void_p,
        POINTER(nq_source), POINTER(nq_evaluate_options)]),
    "nq_evaluate_options_init": (None, [POINTER(nq_evaluate_options), c_size_t]),
    "nq_evaluation_free": (None, [POINTER(nq_evaluation)]),
    "nq_evidence_bernoulli": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_evidence_clamp": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_evidence_conditions": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_condition),
        c_size_t, c_void_p, c_size_t]),
    "nq_evidence_custom": (c_int, [c_void_p, c_void_p, c_void_p, CFUNCTYPE(c_double, c_void_p,
        c_size_t, c_void_p, c_void_p), c_void_p, c_int, c_size_t]),
    "nq_evidence_free": (None, [c_void_p]),
    "nq_evidence_gaussian": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_evidence_interval": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p,
        c_size_t]),
    "nq_evidence_levels": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_size_t]),
    "nq_evidence_linear": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,
        c_size_t, c_size_t]),
    "nq_evidence_product": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_evidence_squares": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_squares), c_void_p,
        c_size_t]),
    "nq_evidence_targets": (c_size_t, [c_void_p]),
    "nq_exact_compute": (c_int, [POINTER(nq_exact), c_void_p, c_void_p, c_void_p]),
    "nq_file_abandon": (None, [c_void_p]),
    "nq_file_commit": (c_int, [c_void_p]),
    "nq_file_open": (c_int, [c_void_p, c_void_p, c_char_p]),
    "nq_file_put": (c_int, [c_void_p, c_void_p, c_size_t]),
    "nq_file_target": (c_void_p, [c_char_p]),
    "nq_fill": (c_int, [POINTER(nq_filled), c_void_p, c_void_p, c_void_p, c_size_t,
        POINTER(nq_source), POINTER(nq_fill_options)]),
    "nq_fill_options_init": (None, [POINTER(nq_fill_options), c_size_t]),
    "nq_filled_free": (None, [POINTER(nq_filled)]),
    "nq_fit": (c_int, [c_void_p, POINTER(nq_fit_result), c_void_p, POINTER(nq_source),
        POINTER(nq_fit_options)]),
    "nq_fit_options_init": (None, [POINTER(nq_fit_options), c_size_t]),
    "nq_generate_options_init": (None, [POINTER(nq_generate_options), c_size_t]),
    "nq_inpaint": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, POINTER(nq_picture),
        POINTER(nq_inpaint_options)]),
    "nq_inpaint_options_init": (None, [POINTER(nq_inpaint_options), c_size_t]),
    "nq_list_get": (c_char_p, [c_void_p, c_int, c_size_t]),
    "nq_log_mean_exp": (c_double, [c_void_p, c_void_p, c_size_t]),
    "nq_model_cell_text": (c_size_t, [c_void_p, c_size_t, c_void_p, c_size_t, c_double]),
    "nq_model_column_facts": (c_int, [POINTER(nq_column_facts), c_void_p, c_size_t]),
    "nq_model_column_is_density": (c_int, [c_void_p, c_size_t]),
    "nq_model_column_is_text": (c_int, [c_void_p, c_size_t]),
    "nq_model_column_kind": (c_char_p, [c_void_p, c_size_t]),
    "nq_model_column_knots": (c_size_t, [c_void_p, c_size_t]),
    "nq_model_column_name": (c_char_p, [c_void_p, c_size_t]),
    "nq_model_column_round": (c_double, [c_void_p, c_size_t, c_double]),
    "nq_model_column_scaling": (None, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_model_column_source": (c_size_t, [c_void_p, c_size_t]),
    "nq_model_columns": (c_size_t, [c_void_p]),
    "nq_model_describe": (c_int, [c_void_p, c_void_p, c_void_p]),
    "nq_model_diffuse": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_size_t,
        c_uint64]),
    "nq_model_dim": (c_size_t, [c_void_p]),
    "nq_model_drift": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t, c_size_t]),
    "nq_model_free": (None, [c_void_p]),
    "nq_model_from_bytes": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_model_gap_part": (c_double, [c_void_p, c_size_t]),
    "nq_model_get_options": (POINTER(nq_model_options), [c_void_p]),
    "nq_model_is_density": (c_int, [c_void_p]),
    "nq_model_is_recorded": (c_int, [c_void_p]),
    "nq_model_kernel": (c_char_p, [c_void_p]),
    "nq_model_level": (c_double, [c_void_p, c_void_p, c_size_t, c_size_t]),
    "nq_model_level_text": (c_char_p, [c_void_p, c_size_t, c_size_t]),
    "nq_model_level_value": (c_double, [c_void_p, c_size_t, c_size_t]),
    "nq_model_levels": (c_size_t, [c_void_p, c_size_t]),
    "nq_model_list_columns": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_char_p, c_size_t]),
    "nq_model_load": (c_int, [c_void_p, c_void_p, c_char_p]),
    "nq_model_log_jacobian": (c_double, [c_void_p]),
    "nq_model_measure_steps": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "nq_model_measure_steps_on": (c_int, [c_void_p, c_void_p, POINTER(nq_source), c_char_p]),
    "nq_model_new": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_model_options)]),
    "nq_model_option_check": (c_int, [c_void_p, POINTER(nq_model_options), POINTER(nq_option)]),
    "nq_model_options_init": (None, [POINTER(nq_model_options), c_size_t]),
    "nq_model_options_table": (POINTER(nq_option), [c_void_p]),
    "nq_model_pair": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_model_parameters": (c_size_t, [c_void_p]),
    "nq_model_picture": (None, [POINTER(nq_picture), c_void_p]),
    "nq_model_record": (c_char_p, [c_void_p, c_char_p]),
    "nq_model_reduced": (c_size_t, [c_void_p]),
    "nq_model_regressor": (c_char_p, [c_void_p]),
    "nq_model_resize": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t, c_size_t]),
    "nq_model_reverse": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_size_t,
        c_size_t]),
    "nq_model_rows_to_dataset": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_model_save": (c_int, [c_char_p, c_void_p, c_void_p]),
    "nq_model_schedule": (POINTER(nq_schedule), [c_void_p]),
    "nq_model_shorten": (c_int, [c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_model_steps": (c_size_t, [c_void_p]),
    "nq_model_times": (c_void_p, [c_void_p]),
    "nq_model_to_bytes": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "nq_model_usual_steps": (c_size_t, [c_void_p]),
    "nq_model_write_labelled": (c_int, [c_char_p, c_void_p, c_void_p, c_void_p, c_size_t, c_void_p,
        c_size_t]),
    "nq_model_write_rows": (c_int, [c_char_p, c_void_p, c_void_p, c_void_p, c_size_t]),
    "nq_name_nearest": (c_char_p, [c_char_p, c_void_p]),
    "nq_noise_options_init": (None, [POINTER(nq_noise_options), c_size_t]),
    "nq_option_get": (c_int, [c_void_p, c_size_t, c_void_p, POINTER(nq_option)]),
    "nq_option_set": (c_int, [c_void_p, c_void_p, POINTER(nq_option), c_char_p]),
    "nq_options_init": (None, [c_void_p, c_size_t, POINTER(nq_options_type)]),
    "nq_options_type_find": (POINTER(nq_options_type), [c_char_p]),
    "nq_options_type_get": (POINTER(nq_options_type), [c_size_t]),
    "nq_output_check": (c_int, [c_void_p, c_char_p]),
    "nq_output_check_apart": (c_int, [c_void_p, c_char_p, c_void_p, c_void_p, c_size_t]),
    "nq_page_options_init": (None, [POINTER(nq_page_options), c_size_t]),
    "nq_pareto_estimate": (c_int, [POINTER(nq_pareto), c_void_p, c_void_p, c_size_t]),
    "nq_parzen_estimate": (c_int, [POINTER(nq_parzen), c_void_p, c_void_p, c_void_p, c_void_p,
        POINTER(nq_parzen_options)]),
    "nq_parzen_options_init": (None, [POINTER(nq_parzen_options), c_size_t]),
    "nq_path_is_model": (c_int, [c_char_p]),
    "nq_picture_parse": (c_int, [POINTER(nq_picture), c_char_p]),
    "nq_picture_write": (c_int, [c_char_p, c_void_p, c_void_p, POINTER(nq_picture), c_double,
        c_int]),
    "nq_pool": (c_int, [POINTER(nq_pooled), c_void_p, c_void_p, c_void_p, c_size_t,
        POINTER(nq_pool_options)]),
    "nq_pool_answers_free": (None, [POINTER(nq_pool_answers)]),
    "nq_pool_options_init": (None, [POINTER(nq_pool_options), c_size_t]),
    "nq_pool_tables": (c_int, [POINTER(nq_pool_answers), c_void_p, c_void_p, POINTER(nq_source),
        c_size_t, POINTER(nq_pool_tables_options)]),
    "nq_pool_tables_options_init": (None, [POINTER(nq_pool_tables_options), c_size_t]),
    "nq_posterior_free": (None, [POINTER(nq_posterior)]),
    "nq_posterior_options_init": (None, [POINTER(nq_posterior_options), c_size_t]),
    "nq_posterior_sample": (c_int, [POINTER(nq_posterior), c_void_p, c_void_p, c_void_p,
        POINTER(nq_posterior_options)]),
    "nq_preset_apply": (c_int, [POINTER(nq_model_options), POINTER(nq_train_options), c_void_p,
        c_char_p]),
    "nq_preset_list": (None, [c_void_p, c_void_p]),
    "nq_read_options_init": (None, [POINTER(nq_read_options), c_size_t]),
    "nq_read_options_table": (POINTER(nq_option), [c_void_p]),
    "nq_report_page": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_source), POINTER(nq_source),
        POINTER(nq_page_options)]),
    "nq_row_fault_describe": (None, [c_void_p, c_size_t, c_void_p, POINTER(nq_row_fault)]),
    "nq_sample": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_sample_options)]),
    "nq_sample_options_init": (None, [POINTER(nq_sample_options), c_size_t]),
    "nq_sampler_free": (None, [c_void_p]),
    "nq_sampler_new": (c_int, [c_void_p, c_void_p, c_void_p, POINTER(nq_sample_options)]),
    "nq_sampler_run": (c_int, [c_void_p, c_size_t]),
    "nq_sampler_state": (c_int, [c_void_p, c_void_p]),
    "nq_sampler_time": (c_size_t, [c_void_p]),
    "nq_schedule_free": (None, [POINTER(nq_schedule)]),
    "nq_schedule_from_beta": (c_int, [POINTER(nq_schedule), c_void_p, c_void_p, c_size_t]),
    "nq_schedule_new": (c_int, [POINTER(nq_schedule), c_void_p, c_char_p, c_size_t, c_double,
        c_double]),
    "nq_schedule_open": (c_int, [POINTER(nq_schedule), c_void_p, c_char_p]),
    "nq_score": (c_int, [POINTER(nq_scores), c_void_p, c_void_p, c_void_p, POINTER(nq_source),
        POINTER(nq_score_options)]),
    "nq_score_options_init": (None, [POINTER(nq_score_options), c_size_t]),
    "nq_scores_free": (None, [POINTER(nq_scores)]),
    "nq_slices_drift_time": (c_size_t, [POINTER(nq_slices), c_size_t]),
    "nq_slices_free": (None, [POINTER(nq_slices)]),
    "nq_slices_new": (c_int, [POINTER(nq_slices), c_void_p, c_void_p, c_void_p, c_size_t,
        c_uint64]),
    "nq_slices_range": (None, [c_void_p, c_void_p, POINTER(nq_slices), c_void_p, c_size_t]),
    "nq_status_name": (c_char_p, [c_int]),
    "nq_student_quantile": (c_double, [c_double, c_double]),
    "nq_text_duration": (c_int, [c_void_p, c_size_t, c_double]),
    "nq_text_number": (None, [c_void_p, c_size_t, c_double]),
    "nq_text_printable": (c_size_t, [c_void_p, c_size_t, c_char_p]),
    "nq_ticks_choose": (None, [POINTER(nq_ticks), POINTER(nq_axis)]),
    "nq_train_options_init": (None, [POINTER(nq_train_options), c_size_t]),
    "nq_train_options_table": (POINTER(nq_option), [c_void_p]),
    "nq_trainer_checkpoint": (c_int, [c_char_p, c_void_p]),
    "nq_trainer_estimate": (c_int, [c_void_p, c_void_p]),
    "nq_trainer_free": (None, [c_void_p]),
    "nq_trainer_model": (c_int, [c_void_p, c_void_p]),
    "nq_trainer_model_options": (POINTER(nq_model_options), [c_void_p]),
    "nq_trainer_new": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(nq_model_options),
        POINTER(nq_train_options)]),
    "nq_trainer_new_from": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p,
        POINTER(nq_train_options)]),
    "nq_trainer_new_tried": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p,
        POINTER(nq_model_options), POINTER(nq_train_options)]),
    "nq_trainer_note": (c_char_p, [c_void_p, c_size_t]),
    "nq_trainer_note_count": (c_size_t, [c_void_p]),
    "nq_trainer_replan": (c_int, [c_void_p, POINTER(nq_train_options)]),
    "nq_trainer_resume": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_char_p]),
    "nq_trainer_state": (None, [POINTER(nq_train_state), c_void_p]),
    "nq_trainer_step": (c_int, [c_void_p]),
    "nq_trainer_train_options": (POINTER(nq_train_options), [c_void_p]),
    "nq_trainer_valid_left_out": (c_size_t, [c_void_p]),
    "nq_values_ending": (c_char_p, [c_void_p, c_size_t]),
    "nq_values_write": (c_int, [c_char_p, c_void_p, c_void_p, c_size_t, c_size_t, c_void_p]),
    "nq_values_write_float": (c_int, [c_char_p, c_void_p, c_void_p, c_size_t, c_size_t, c_void_p]),
    "nq_version": (c_char_p, []),
    "nq_view_options_init": (None, [POINTER(nq_view_options), c_size_t]),
}
