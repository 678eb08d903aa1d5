/* picture.c - what an evaluation says of pictures: bits per pixel, on the 8-bit scale, Parzen. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "task/evaluate/report.h"
#include "task/report/json.h"
#include "task/report/number.h"

double nqi_report_pixels(const nqi_evaluation_report *report)
{
    return (double)(report->picture.height * report->picture.width);
}

/* Why K says nothing of grey levels, or NULL. */
static const char *grey_obstacle(const nqi_evaluation_report *report)
{
    const double noise = nq_model_get_options(report->model)->dequantize;
    if (nq_model_reduced(report->model) > 1)
        return "its pixels are means of several (" NQI_OPTION "reduce)";
    if (report->white <= 0)
        return "the data are no grey levels; " NQI_OPTION "white says which number is white";
    if (!(noise > 0))
        return "the model was trained without noise of one grey level (" NQI_OPTION "dequantize)";
    if (report->grey_level > 0 && noise != report->grey_level)
        return "the model's " NQI_OPTION "dequantize is not one grey level of these data";
    return NULL;
}

/* -log2 of a grey level's probability: densities in the data's units times the width of an 8-bit
 * grey level there, white / 255. */
static double grey_bits(const nqi_evaluation_report *report, double nats)
{
    const double density = nats + nq_model_log_jacobian(report->model);
    return -density * NQI_BITS_PER_NAT / (double)report->bound->dim - log2(report->white / 255);
}

/* Of reduced pictures, what a pixel is. */
static void means_text(FILE *file, const nqi_evaluation_report *report)
{
    const size_t side = nq_model_reduced(report->model);
    if (side > 1)
        fprintf(file, "Each pixel is the mean of %zu x %zu pixels of the data.\n", side, side);
}

void nqi_picture_json(FILE *file, const nqi_evaluation_report *report)
{
    const nq_picture *picture = &report->picture;
    const int known = !grey_obstacle(report);
    const double dim = (double)report->bound->dim;
    fprintf(file, ",\"picture\":{\"channels\":%zu,\"height\":%zu,\"width\":%zu",
            picture->channels, picture->height, picture->width);
    if (nq_model_reduced(report->model) > 1)
        fprintf(file, ",\"reduce\":%zu", nq_model_reduced(report->model));
    fputs("},", file);
    nqi_json_field(file, "bits_per_dim_8bit",
                   known ? grey_bits(report, report->bound->bound) : NAN);
    putc(',', file);
    nqi_json_field(file, "bits_per_dim_8bit_se",
                   known ? report->bound->se * NQI_BITS_PER_NAT / dim : NAN);
    if (!report->ais)
        return;
    putc(',', file);
    nqi_json_field(file, "ais_bits_per_dim_8bit",
                   known ? grey_bits(report, report->ais->likelihood) : NAN);
}

void nqi_picture_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_bound *bound = report->bound;
    const nq_picture *picture = &report->picture;
    const double per_pixel = NQI_BITS_PER_NAT / nqi_report_pixels(report);
    const char *obstacle = grey_obstacle(report);
    fprintf(
        file,
        "\nPictures of %zu x %zu pixels and %zu colour%s. Per pixel, which is all its colours "
        "(the unit\nof [SD15] table 1), in the units above:\n"
        "  K %.4f +- %.4f   L_null %.4f   K - L_null %.4f bits per pixel\n",
        picture->height, picture->width, picture->channels, picture->channels == 1 ? "" : "s",
        (bound->bound + report->shift) * per_pixel, bound->se * per_pixel,
        (bound->null + report->shift) * per_pixel, bound->gain * per_pixel);
    means_text(file, report);
    if (obstacle) {
        fprintf(file, "Nothing is said on the 8-bit scale: %s.\n", obstacle);
        return;
    }
    fprintf(
        file,
        "Per dimension (one colour of a pixel) on the 8-bit scale, as a code for grey levels, "
        "so that less\nis better:\n  %.4f +- %.4f bits per dimension by K",
        grey_bits(report, bound->bound), bound->se * NQI_BITS_PER_NAT / (double)bound->dim);
    if (report->ais)
        fprintf(file, ", %.4f by log p", grey_bits(report, report->ais->likelihood));
    fputc('\n', file);
}

void nqi_parzen_json(FILE *file, const nqi_evaluation_report *report)
{
    const nq_parzen *parzen = report->parzen;
    fputs(",\"parzen\":{", file);
    nqi_json_field(file, "bits", parzen->likelihood * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "se", parzen->se_samples * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "se_rows", hypot(parzen->se, parzen->se_samples) * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "width", parzen->width);
    fprintf(file, ",\"samples\":%zu,\"rows\":%zu,", parzen->samples, parzen->rows);
    nqi_json_field(file, "unit", report->parzen_unit);
    putc(',', file);
    nqi_json_field(file, "nats", parzen->likelihood);
    putc('}', file);
}

void nqi_parzen_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_parzen *parzen = report->parzen;
    fprintf(file,
            "\nParzen window: %.2f +- %.2f bits per row (%.2f nats), with other samples; with "
            "other rows "
            "too +- %.2f.\nA density of numbers divided by %g; %zu rows around %zu samples, "
            "kernels %.4f wide. It judges samples, not the "
            "bound.\n",
            parzen->likelihood * NQI_BITS_PER_NAT, parzen->se_samples * NQI_BITS_PER_NAT,
            parzen->likelihood, hypot(parzen->se, parzen->se_samples) * NQI_BITS_PER_NAT,
            report->parzen_unit, parzen->rows, parzen->samples, parzen->width);
}
