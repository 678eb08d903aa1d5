/* name.h - what the name of a file ends in. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FILE_NAME_H
#define NQI_IO_FILE_NAME_H

/* Whether something and then the extension, in either case, end the path; perhaps with .gz. */
int nqi_path_ends(const char *path, const char *extension);
/* Whether the path ends in .gz. */
int nqi_path_is_packed(const char *path);

#endif
