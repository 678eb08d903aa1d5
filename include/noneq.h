/* noneq.h - diffusion probabilistic models: the one header to include. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_H
#define NONEQ_H

#include <noneq/arrow.h>
#include <noneq/booster.h>
#include <noneq/check.h>
#include <noneq/columns.h>
#include <noneq/comm.h>
#include <noneq/context.h>
#include <noneq/data.h>
#include <noneq/draw.h>
#include <noneq/figure.h>
#include <noneq/file.h>
#include <noneq/fill.h>
#include <noneq/fit.h>
#include <noneq/likelihood.h>
#include <noneq/list.h>
#include <noneq/model.h>
#include <noneq/monitor.h>
#include <noneq/option.h>
#include <noneq/options.h>
#include <noneq/page.h>
#include <noneq/pool.h>
#include <noneq/posterior.h>
#include <noneq/report.h>
#include <noneq/sample.h>
#include <noneq/schedule.h>
#include <noneq/score.h>
#include <noneq/source.h>
#include <noneq/status.h>
#include <noneq/ticks.h>
#include <noneq/train.h>
#include <noneq/version.h>
#include <noneq/view.h>

#endif
