/* complete.h - what may stand at the end of a command line, for the shells (completions/). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_COMPLETE_H
#define NONEQ_CLI_COMPLETE_H

/* `noneq --complete WORD...`: the words after the program's name up to the cursor, of which the
 * last, perhaps "", is to be completed. Prints
 *   words            or: files [ENDING...]   or: folders
 *   CANDIDATE<tab>WHAT IT IS
 *   ...
 * The first line says what of the file system may stand there beside the candidates; without
 * endings, any file. Of a word --name=value the candidates are for the value alone. Returns an exit
 * status. */
int complete_run(int argc, char **argv);

#endif
