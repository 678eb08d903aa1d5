/* data.c - the rows of a fit: all of them, crops of pictures, hold-out rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "core/context.h"
#include "core/option/options.h"
#include "core/text.h"
#include "task/fit/fit.h"

/* Fewer rows than this are too precious to set some aside unasked. */
enum { SPLIT_LEAST_ROWS = 200, SPLIT_MOST_ROWS = 5000 };
/* Fewer pictures than this are split by area, if crops are smaller than they. */
enum { SPLIT_LEAST_PICTURES = 10 };

static const double SPLIT_FRACTION = 0.1;

/* What pictures are cut into. */
typedef struct crop_plan {
    nq_picture crop; /* channels 0: rows are no pictures */
    nq_area area;    /* of the training rows, with its extents said */
    int cut;         /* rows are crops, not the file's rows */
    int mirror;
    size_t stride;
} crop_plan;

/* 0: no hold-out. */
static double fraction_default(const nqi_fit *fit, double rows)
{
    if (fit->options->preset || rows < SPLIT_LEAST_ROWS)
        return 0;
    if (SPLIT_FRACTION * rows > SPLIT_MOST_ROWS)
        return SPLIT_MOST_ROWS / rows;
    return SPLIT_FRACTION;
}

static nq_status rows_split(nq_dataset **valid, nq_dataset **data, const nqi_fit *fit,
                            double fraction)
{
    return nq_dataset_split(valid, data, fit->context, fit->data.whole.file, fraction,
                            (uint64_t)fit->train_options.seed);
}

/* The shape that the option image or a preset asks for, with the file's colours if it says
 * none. */
static nq_status shape_wanted(nq_picture *out, const nqi_fit *fit)
{
    const nq_dataset *file = fit->data.whole.file;
    const char *text = fit->model_options.image;
    nq_picture own;
    nq_dataset_picture(&own, file);
    *out = own;
    if (!*text)
        return NQ_OK;
    if (!nq_picture_parse(out, text))
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "image takes HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH, such as "
                                   "28x28 or 3x32x32, not '%s'",
                        text);
    if (out->channels)
        return NQ_OK;
    const size_t pixels = out->height * out->width, dim = nq_dataset_dim(file);
    out->channels = own.channels ? own.channels : dim % pixels ? 1 : dim / pixels;
    return NQ_OK;
}

/* Extents to the edge, in numbers. */
static void area_resolve(nq_area *area, const nq_picture *picture)
{
    if (!area->width && area->left < picture->width)
        area->width = picture->width - area->left;
    if (!area->height && area->top < picture->height)
        area->height = picture->height - area->top;
}

static int is_given(const nq_area *area)
{
    return area->left || area->top || area->width || area->height;
}

static nq_status pictures_refuse(const nqi_fit *fit, const crop_plan *plan)
{
    return nqi_fail(fit->context, NQ_ERROR_SHAPE,
                    NQI_OPTION "%s needs pictures; '%s' has rows of %zu numbers, and " NQI_OPTION
                               "image HEIGHTxWIDTH may say what shape they are",
                    plan->mirror ? "mirror" : "area", fit->data.whole.name,
                    nq_dataset_dim(fit->data.whole.file));
}

static nq_status plan_make(crop_plan *plan, nqi_fit *fit)
{
    const nqi_source *whole = &fit->data.whole;
    nq_picture own;
    nq_status status;
    *plan = (crop_plan){.mirror = fit->train_options.mirror != 0, .area = fit->options->area};
    if (!is_given(&plan->area))
        plan->area = fit->rows->area;
    if ((status = shape_wanted(&plan->crop, fit)))
        return status;
    if (!plan->crop.channels)
        return plan->mirror || is_given(&plan->area) ? pictures_refuse(fit, plan) : NQ_OK;
    if ((status = nqi_source_shape(whole, fit->context, &plan->crop)))
        return status;
    /* As the model says it, for a resumed run is compared with that. */
    if (*fit->model_options.image)
        snprintf(fit->model_options.image, sizeof fit->model_options.image, "%zux%zux%zu",
                 plan->crop.channels, plan->crop.height, plan->crop.width);
    nq_dataset_picture(&own, whole->file);
    plan->stride = nqi_source_is_larger(whole, &plan->crop, &plan->area) ? 1 : 0;
    plan->cut = plan->mirror || plan->stride;
    area_resolve(&plan->area, &own);
    return NQ_OK;
}

static nq_status crop_train(nqi_fit *fit, const crop_plan *plan, const nq_dataset *pictures)
{
    nq_dataset *crops;
    const nq_status status = nqi_pictures_crop(&crops, fit->context, pictures, &plan->crop,
                                               &plan->area, plan->stride, plan->mirror);
    if (!status)
        fit->data.data = crops;
    return status;
}

static nq_status crop_valid(nqi_fit *fit, const crop_plan *plan, const nq_dataset *pictures,
                            const nq_area *area)
{
    nq_dataset *crops;
    const nq_status status =
        nqi_pictures_crop(&crops, fit->context, pictures, &plan->crop, area, 0, 0);
    if (!status)
        fit->data.valid = crops;
    return status;
}

static void note_crops(nqi_fit *fit, const crop_plan *plan, const char *held)
{
    char place[96] = "whole pictures";
    if (!plan->cut)
        return;
    if (plan->stride)
        snprintf(place, sizeof place, "crops of %zu x %zu at every place of %zu x %zu pixels",
                 plan->crop.height, plan->crop.width, plan->area.height, plan->area.width);
    snprintf(fit->data.note, sizeof fit->data.note, "%s%s%s%s", place,
             plan->mirror ? ", as they are and mirrored" : "", *held ? "; held out: " : "", held);
}

static nq_status split_pictures(nqi_fit *fit, const crop_plan *plan, double fraction)
{
    nqi_fit_data *data = &fit->data;
    char held[96];
    nq_status status = rows_split(&data->valid_part, &data->train_part, fit, fraction);
    if (status)
        return status;
    snprintf(held, sizeof held,
             plan->stride ? "crops side by side of %zu pictures, which the "
                            "others do not see"
                          : "%zu pictures",
             nq_dataset_rows(data->valid_part));
    note_crops(fit, plan, held);
    status = crop_valid(fit, plan, data->valid_part, &plan->area);
    return status ? status : crop_train(fit, plan, data->train_part);
}

/* The right part of the area, so that no hold-out pixel is seen in training. */
static nq_status split_area(nqi_fit *fit, crop_plan *plan, double fraction)
{
    const size_t width = plan->area.width, crop = plan->crop.width;
    const size_t part = (size_t)llround(fraction * (double)width),
                 held = part < crop ? crop : part;
    nq_area right = plan->area;
    char words[96];
    nq_status status;
    if (width < held + crop)
        return nqi_fail(fit->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "valid %g: %zu columns of pixels are too few to set aside %zu "
                                   "and leave crops of %zu; " NQI_OPTION "valid takes a file too",
                        fraction, width, held, crop);
    plan->area.width = width - held;
    right.left += plan->area.width;
    right.width = held;
    snprintf(words, sizeof words, "crops side by side of the right %zu columns of pixels", held);
    note_crops(fit, plan, words);
    status = crop_valid(fit, plan, fit->data.whole.file, &right);
    return status ? status : crop_train(fit, plan, fit->data.whole.file);
}

/* Crops of one picture overlap, so they are not split as rows are. */
static nq_status crops_split(nqi_fit *fit, crop_plan *plan, double fraction)
{
    const size_t pictures = nq_dataset_rows(fit->data.whole.file);
    if (!(fraction > 0)) {
        note_crops(fit, plan, "");
        return crop_train(fit, plan, fit->data.whole.file);
    }
    if (pictures >= SPLIT_LEAST_PICTURES || (pictures > 1 && !plan->stride))
        return split_pictures(fit, plan, fraction);
    return split_area(fit, plan, fraction);
}

/* Hold-out rows of their own are used whole: the area speaks of the training data. */
static nq_status valid_open(nqi_fit *fit, const crop_plan *plan)
{
    const nq_area everywhere = {0};
    nqi_source *held = &fit->data.held;
    nq_read_options read;
    nq_status status = nqi_options_take(&read, fit->context, &nqi_read_options, fit->rows->read);
    if (status)
        return status;
    if (nq_dataset_column_name(fit->data.whole.file, 0))
        read.columns = read.drop = NULL; /* names say which columns */
    const nq_dataset *rows = fit->options->valid_data;
    const nq_source source = {.path = rows ? NULL : fit->options->valid,
                              .data = rows,
                              .read = &read};
    if ((status = nqi_source_open(held, fit->context, &source, 1, 0)))
        return status;
    if (rows)
        held->name = "the hold-out rows";
    if (plan->crop.channels) {
        if ((status = nqi_source_shape(held, fit->context, &plan->crop)))
            return status;
        if (nqi_source_is_larger(held, &plan->crop, &everywhere))
            return crop_valid(fit, plan, held->file, &everywhere);
    }
    fit->data.valid = held->file;
    return NQ_OK;
}

/* Rows that say something of their own: crops side by side, not at every place. */
static double rows_apart(const nqi_fit *fit, const crop_plan *plan)
{
    const double rows = (double)nq_dataset_rows(fit->data.whole.file);
    if (!plan->stride)
        return rows;
    return rows * (double)(plan->area.height / plan->crop.height) *
           (double)(plan->area.width / plan->crop.width);
}

/* Rows with their copies are on one side. Of very many that were not drawn a part is enough. */
static nq_status rows_draw(nqi_fit *fit, int wants_held)
{
    nqi_fit_data *data = &fit->data;
    const size_t rows = nq_dataset_rows(data->whole.file);
    const uint64_t seed = (uint64_t)fit->train_options.seed;
    nq_dataset *drawn, *left;
    nq_status status = nq_dataset_bootstrap(&drawn, &left, fit->context, data->whole.file, seed);
    if (status)
        return status;
    const size_t undrawn = left ? nq_dataset_rows(left) : 0;
    data->data = drawn;
    data->valid_part = left;
    snprintf(data->note, sizeof data->note,
             "rows drawn with replacement: %zu of %zu, some of them several times",
             rows - undrawn, rows);
    if (!wants_held || !left)
        return NQ_OK;
    if (undrawn > SPLIT_MOST_ROWS)
        return nq_dataset_split(&data->valid, &data->spare, fit->context, left,
                                SPLIT_MOST_ROWS / (double)undrawn, seed);
    data->valid = left;
    return NQ_OK;
}

static nq_status bootstrap_check(const nqi_fit *fit, const crop_plan *plan, int is_part)
{
    if (is_part)
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "valid %s: of rows drawn with replacement (" NQI_OPTION
                                   "bootstrap, " NQI_OPTION
                                   "models) those that were not drawn are held out; " NQI_OPTION
                                   "valid takes a file then, or 0 for no hold-out rows",
                        fit->options->valid);
    if (plan->cut)
        return nqi_fail(fit->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "bootstrap and " NQI_OPTION
                                   "models draw rows; '%s' has pictures that are cut into "
                                   "crops, of which neighbours are in both sides",
                        fit->data.whole.name);
    return NQ_OK;
}

/* As many rows as the file has, and the others held out where nothing else is said. has_own: there
 * are hold-out rows of their own. */
static nq_status bootstrap_open(nqi_fit *fit, const crop_plan *plan, int has_own, double fraction)
{
    const int is_asked = fit->options->valid != NULL;
    const int wants_held = !is_asked && !has_own && fraction > 0;
    nq_status status;
    if ((status = bootstrap_check(fit, plan, is_asked && !has_own && fraction > 0)) ||
        (status = rows_draw(fit, wants_held)))
        return status;
    return has_own ? valid_open(fit, plan) : NQ_OK;
}

nq_status nqi_fit_data_open(nqi_fit *fit)
{
    const char *valid = fit->options->valid;
    double fraction = 0;
    crop_plan plan;
    nq_status status;
    if ((status = nqi_source_open(&fit->data.whole, fit->context, fit->rows, 0, 0)))
        return status;
    fit->data.data = fit->data.whole.file;
    if ((status = plan_make(&plan, fit)))
        return status;
    const int is_number = valid && nqi_text_read_double(&fraction, valid);
    const int has_own = fit->options->valid_data || (valid && !is_number);
    if (has_own)
        fraction = 0;
    else if (!valid)
        fraction = fraction_default(fit, rows_apart(fit, &plan));
    else if (!(fraction >= 0 && fraction < 1))
        return nqi_fail(fit->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "valid takes a file or a fraction from 0 to less than 1, not "
                                   "'%s'",
                        valid);
    if (fit->options->bootstrap)
        return bootstrap_open(fit, &plan, has_own, fraction);
    if (plan.cut)
        status = crops_split(fit, &plan, fraction);
    else if (fraction > 0)
        status = rows_split(&fit->data.valid, &fit->data.data, fit, fraction);
    return status || !has_own ? status : valid_open(fit, &plan);
}

void nqi_fit_data_free(nqi_fit_data *data)
{
    if (data->valid != data->valid_part && data->valid != data->held.file)
        nq_dataset_free(data->valid);
    nq_dataset_free(data->spare);
    if (data->data != data->whole.file)
        nq_dataset_free(data->data);
    nq_dataset_free(data->valid_part);
    nq_dataset_free(data->train_part);
    nqi_source_free(&data->held);
    nqi_source_free(&data->whole);
    *data = (nqi_fit_data){.valid = NULL};
}
