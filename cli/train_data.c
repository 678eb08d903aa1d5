/* train_data.c - the data of a training run: the file, crops of pictures, hold-out rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "data_open.h"
#include "message.h"
#include "output.h"
#include "session.h"
#include "train.h"

/* Fewer rows than this are too precious to set some aside unasked. */
enum { SPLIT_LEAST_ROWS = 200, SPLIT_MOST_ROWS = 5000 };
/* Fewer pictures than this are split by area, if crops are smaller than they. */
enum { SPLIT_LEAST_PICTURES = 10 };

static const double SPLIT_FRACTION = 0.1;

/* What pictures are cut into. */
typedef struct crop_plan {
    nq_picture file, crop; /* channels 0: rows are no pictures */
    nq_area area;          /* of the training rows, with its extents said */
    int cut;               /* rows are crops, not the file's rows */
    int mirror;
    size_t stride;
} crop_plan;

/* 0: no hold-out. */
static double fraction_default(const train_job *job, double rows)
{
    if (job->values->preset || rows < SPLIT_LEAST_ROWS)
        return 0;
    if (SPLIT_FRACTION * rows > SPLIT_MOST_ROWS)
        return SPLIT_MOST_ROWS / rows;
    return SPLIT_FRACTION;
}

static int data_split(nq_dataset **valid, nq_dataset **data, train_job *job, double fraction)
{
    const nq_status status = nq_dataset_split(valid, data, job->context, job->whole, fraction,
                                              (uint64_t)job->train_options.seed);

    return status ? session_fail(job->context, status) : EXIT_DONE;
}

/* The shape that --image or a preset asks for, with the file's colours if it says none. */
static int shape_wanted(nq_picture *out, const train_job *job)
{
    const char *text = job->model_options.image;
    nq_picture own;

    nq_dataset_picture(&own, job->whole);
    *out = own;
    if (!*text)
        return EXIT_DONE;
    if (!nq_picture_parse(out, text))
        return options_refuse(job->self,
                              "--image takes HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH, such as "
                              "28x28 or 3x32x32, not '%s'",
                              text);
    if (out->channels)
        return EXIT_DONE;
    const size_t pixels = out->height * out->width, dim = nq_dataset_dim(job->whole);
    out->channels = own.channels ? own.channels : dim % pixels ? 1 : dim / pixels;
    return EXIT_DONE;
}

/* Extents to the edge, in numbers. */
static void area_resolve(nq_area *area, const nq_picture *picture)
{
    if (!area->width && area->left < picture->width)
        area->width = picture->width - area->left;
    if (!area->height && area->top < picture->height)
        area->height = picture->height - area->top;
}

static int plan_make(crop_plan *plan, train_job *job)
{
    const char *path = job->words->operands[0];
    int code;

    *plan = (crop_plan){.mirror = job->train_options.mirror != 0};
    if ((code = shape_wanted(&plan->crop, job)) ||
        (code = area_parse(&plan->area, job->self, job->values->area)))
        return code;
    if (!plan->crop.channels) {
        if (!plan->mirror && !job->values->area)
            return EXIT_DONE;
        return message_fail("--%s needs pictures; '%s' has rows of %zu numbers, and --image "
                            "HEIGHTxWIDTH may say what shape they are",
                            plan->mirror ? "mirror" : "area", path, nq_dataset_dim(job->whole));
    }
    if ((code = data_shape(job->whole, job->context, path, &plan->crop)))
        return code;
    /* As the model says it, for a resumed run is compared with that. */
    if (*job->model_options.image)
        snprintf(job->model_options.image, sizeof job->model_options.image, "%zux%zux%zu",
                 plan->crop.channels, plan->crop.height, plan->crop.width);
    nq_dataset_picture(&plan->file, job->whole);
    plan->stride = data_is_larger(job->whole, &plan->crop, &plan->area) ? 1 : 0;
    plan->cut = plan->mirror || plan->stride;
    area_resolve(&plan->area, &plan->file);
    return EXIT_DONE;
}

static int crop_train(train_job *job, const crop_plan *plan, const nq_dataset *pictures)
{
    return data_crop(&job->data, job->context, pictures, &plan->crop, &plan->area, plan->stride,
                     plan->mirror);
}

static int crop_valid(train_job *job, const crop_plan *plan, const nq_dataset *pictures,
                      const nq_area *area)
{
    return data_crop(&job->valid, job->context, pictures, &plan->crop, area, 0, 0);
}

static void note_crops(train_job *job, const crop_plan *plan, const char *held)
{
    char place[96] = "whole pictures";

    if (!plan->cut)
        return;
    if (plan->stride)
        snprintf(place, sizeof place, "crops of %zu x %zu at every place of %zu x %zu pixels",
                 plan->crop.height, plan->crop.width, plan->area.height, plan->area.width);
    snprintf(job->note, sizeof job->note, "%s%s%s%s", place,
             plan->mirror ? ", as they are and mirrored" : "", *held ? "; held out: " : "", held);
}

static int split_pictures(train_job *job, const crop_plan *plan, double fraction)
{
    char held[96];
    int code;

    if ((code = data_split(&job->held_pictures, &job->train_pictures, job, fraction)))
        return code;
    snprintf(held, sizeof held,
             plan->stride ? "crops side by side of %zu pictures, which the "
                            "others do not see"
                          : "%zu pictures",
             nq_dataset_rows(job->held_pictures));
    note_crops(job, plan, held);
    code = crop_valid(job, plan, job->held_pictures, &plan->area);
    return code ? code : crop_train(job, plan, job->train_pictures);
}

/* The right part of the area, so that no hold-out pixel is seen in training. */
static int split_area(train_job *job, crop_plan *plan, double fraction)
{
    const size_t width = plan->area.width, crop = plan->crop.width;
    const size_t part = (size_t)llround(fraction * (double)width),
                 held = part < crop ? crop : part;
    nq_area right = plan->area;
    char words[96];
    int code;

    if (width < held + crop)
        return message_fail("--valid %g: %zu columns of pixels are too few to set aside %zu and "
                            "leave crops of %zu; --valid takes a file too",
                            fraction, width, held, crop);
    plan->area.width = width - held;
    right.left += plan->area.width;
    right.width = held;
    snprintf(words, sizeof words, "crops side by side of the right %zu columns of pixels", held);
    note_crops(job, plan, words);
    code = crop_valid(job, plan, job->whole, &right);
    return code ? code : crop_train(job, plan, job->whole);
}

/* Crops of one picture overlap, so they are not split as rows are. */
static int crops_split(train_job *job, crop_plan *plan, double fraction)
{
    const size_t pictures = nq_dataset_rows(job->whole);

    if (!(fraction > 0)) {
        note_crops(job, plan, "");
        return crop_train(job, plan, job->whole);
    }
    if (pictures >= SPLIT_LEAST_PICTURES || (pictures > 1 && !plan->stride))
        return split_pictures(job, plan, fraction);
    return split_area(job, plan, fraction);
}

/* A hold-out file is used whole: --area speaks of the training data. */
static int valid_open(train_job *job, const crop_plan *plan)
{
    const nq_area everywhere = {0};
    common_values common = job->words->common;
    int code;

    if (nq_dataset_column_name(job->whole, 0))
        common.read.columns = common.read.drop = NULL; /* names say which columns */
    if ((code = data_file_open(&job->held_pictures, job->context, job->values->valid, &common, 1,
                               0)))
        return code;
    job->valid_is_file = 1;
    if (plan->crop.channels) {
        if ((code =
                 data_shape(job->held_pictures, job->context, job->values->valid, &plan->crop)))
            return code;
        if (data_is_larger(job->held_pictures, &plan->crop, &everywhere))
            return crop_valid(job, plan, job->held_pictures, &everywhere);
    }
    job->valid = job->held_pictures;
    return EXIT_DONE;
}

/* Rows that say something of their own: crops side by side, not at every place. */
static double rows_apart(const train_job *job, const crop_plan *plan)
{
    const double rows = (double)nq_dataset_rows(job->whole);

    if (!plan->stride)
        return rows;
    return rows * (double)(plan->area.height / plan->crop.height) *
           (double)(plan->area.width / plan->crop.width);
}

/* Rows with their copies are on one side. Of very many that were not drawn a part is enough. */
static int rows_draw(train_job *job, int wants_held)
{
    nq_dataset *left;
    nq_status status = nq_dataset_bootstrap(&job->data, &left, job->context, job->whole,
                                            (uint64_t)job->train_options.seed);
    const size_t undrawn = left ? nq_dataset_rows(left) : 0;

    if (status) {
        job->data = job->whole;
        return session_fail(job->context, status);
    }
    job->held_pictures = left;
    snprintf(job->note, sizeof job->note,
             "rows drawn with replacement: %zu of %zu, some of them several times",
             nq_dataset_rows(job->whole) - undrawn, nq_dataset_rows(job->whole));
    if (!wants_held || !left)
        return EXIT_DONE;
    job->valid = left;
    if (undrawn <= SPLIT_MOST_ROWS)
        return EXIT_DONE;
    status =
        nq_dataset_split(&job->valid, &job->spare, job->context, left,
                         SPLIT_MOST_ROWS / (double)undrawn, (uint64_t)job->train_options.seed);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int bootstrap_check(const train_job *job, const crop_plan *plan, int is_part)
{
    if (is_part)
        return options_refuse(
            job->self,
            "--valid %s: of rows drawn with replacement (--bootstrap, --models) "
            "those that were not drawn are held out; --valid takes a file "
            "then, or 0 for no hold-out rows",
            job->values->valid);
    if (plan->cut)
        return message_fail("--bootstrap and --models draw rows; '%s' has pictures that are cut "
                            "into crops, of which neighbours are in both sides",
                            job->words->operands[0]);
    return EXIT_DONE;
}

/* As many rows as the file has, and the others held out where nothing else is said. */
static int bootstrap_open(train_job *job, const crop_plan *plan, int from_file, double fraction)
{
    const int asked = job->values->valid && !from_file;
    const int wants_held = !job->values->valid && fraction > 0;
    int code;

    if ((code = bootstrap_check(job, plan, asked && fraction > 0)) ||
        (code = rows_draw(job, wants_held)))
        return code;
    if (!from_file)
        return EXIT_DONE;
    nq_dataset_free(job->held_pictures); /* the rows that were not drawn */
    job->held_pictures = NULL;
    return valid_open(job, plan);
}

int train_data_open(train_job *job)
{
    const char *valid = job->values->valid;
    double fraction;
    crop_plan plan;
    int code;

    if ((code = data_file_open(&job->whole, job->context, job->words->operands[0],
                               &job->words->common, 0, 0)))
        return code;
    job->data = job->whole;
    if ((code = plan_make(&plan, job)))
        return code;
    const int from_file = valid && !number_parse(&fraction, valid);
    if (!valid)
        fraction = fraction_default(job, rows_apart(job, &plan));
    else if (from_file)
        fraction = 0;
    else if (!(fraction >= 0 && fraction < 1))
        return options_refuse(job->self,
                              "--valid takes a file or a fraction from 0 to less than "
                              "1, not '%s'",
                              valid);
    if (job->values->bootstrap)
        return bootstrap_open(job, &plan, from_file, fraction);
    if (plan.cut)
        code = crops_split(job, &plan, fraction);
    else if (fraction > 0)
        code = data_split(&job->valid, &job->data, job, fraction);
    return code || !from_file ? code : valid_open(job, &plan);
}

void train_data_close(train_job *job)
{
    if (job->valid != job->held_pictures)
        nq_dataset_free(job->valid);
    nq_dataset_free(job->spare);
    if (job->data != job->whole)
        nq_dataset_free(job->data);
    nq_dataset_free(job->held_pictures);
    nq_dataset_free(job->train_pictures);
    nq_dataset_free(job->whole);
}
