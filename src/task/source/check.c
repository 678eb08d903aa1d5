/* check.c - whether rows or a picture can be written to a path, for users of the library. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/data.h>

#include "io/file/name.h"
#include "task/source/output.h"

static int is_picture(const char *path)
{
    return nqi_path_ends(path, ".png") || nqi_path_ends(path, ".pgm") ||
           nqi_path_ends(path, ".ppm");
}

nq_status nq_output_check(nq_context *context, const char *path)
{
    return is_picture(path) ? nqi_output_check(context, path)
                            : nqi_output_check_table(context, path);
}
