/* method.h - the interface of a posterior method: how evidence goes with the reverse walk. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_POSTERIOR_METHOD_H
#define NQI_POSTERIOR_METHOD_H

#include "core/context.h"
#include "evidence/evidence.h"
#include "family/family.h"
#include "model/model.h"

struct nqi_posterior_job;
struct nqi_worker;

typedef struct nqi_method {
    const char *name;
    int of_roles;    /* the network is told which cells are known */
    int places;      /* what is known stands in the rows at each level: cells, means of squares */
    int weighted;    /* rows are particles of filters; else every row goes its own way */
    nqi_twist twist; /* where none is named */
    size_t jumps;    /* of one that repeats parts of the way: how often, where it is not named */
    /* NQ_ERROR_UNSUPPORTED says which model it cannot take. NULL: any. */
    nq_status (*check)(const struct nqi_posterior_job *job);
    /* Brings a worker's rows from x_T to x_0. */
    void (*run)(struct nqi_worker *worker);
} nqi_method;

/* The i-th; NULL past the last. */
const char *nqi_method_name(size_t i);
/* By name. *name 0: the one that serves such a model and such evidence. NQ_ERROR_ARGUMENT names the
 * known ones. */
nq_status nqi_method_choose(const nqi_method **out, nq_context *context, const char *name,
                            const nq_model *model, nqi_known known);

/* With more numbers, one particle soon outweighs all others (docs/posterior.md). */
enum { NQI_MANY_NUMBERS = 256 };

#endif
