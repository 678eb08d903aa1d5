/* faults.c - what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "faults.h"

#include <stdio.h>

#include "message.h"

enum { FAULTS_TOLD = 5 };

void faults_tell(const nq_model *model, const nq_row_fault *faults, size_t count)
{
    char text[300];

    for (size_t i = 0; i < count && i < FAULTS_TOLD; i++) {
        nq_row_fault_describe(text, sizeof text, model, &faults[i]);
        message_note("%s; to the model that is impossible (log 0)", text);
    }
    if (count > FAULTS_TOLD)
        message_note("and %zu more impossible rows", count - FAULTS_TOLD);
}
