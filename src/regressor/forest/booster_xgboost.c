/* booster_xgboost.c - trees by XGBoost: the one file that names it, and a library of its own.
 *
 * Each tree is grown by a booster of one round for gradients that are given; what it keeps of rows
 * is made once, and read by all threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/xgboost.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>
#include <xgboost/c_api.h>

enum { DEPTH_MOST = 16 };

typedef struct matrix {
    DMatrixHandle rows;
    size_t count, features;
} matrix;

/* What XGBoost says of its last failure is a line and a stack of calls. */
static nq_status failure(char *reason, size_t size)
{
    const char *said = XGBGetLastError();
    const char *start = said;
    for (const char *at = said; at[0] && at[0] != '\n'; at++)
        if (at[0] == ':' && at[1] == ' ')
            start = at + 2;
    snprintf(reason, size, "XGBoost fails: %s", start);
    for (char *at = reason; *at; at++)
        if (*at == '\n')
            *at = '\0';
    return NQ_ERROR_UNSUPPORTED;
}

static nq_status prepare(void *state, char *reason, size_t size)
{
    (void)state;
    return XGBSetGlobalConfig("{\"verbosity\": 0}") ? failure(reason, size) : NQ_OK;
}

static int booster_new(BoosterHandle *out, const nq_growth *growth, size_t features)
{
    char count[32], depth[16], smoothing[32], least[32];
    const char *const settings[][2] = {{"nthread", "1"},        {"verbosity", "0"},
                                       {"tree_method", "hist"}, {"objective", "reg:squarederror"},
                                       {"base_score", "0"},     {"eta", "1"},
                                       {"num_feature", count},  {"max_depth", depth},
                                       {"lambda", smoothing},   {"min_child_weight", least}};
    snprintf(count, sizeof count, "%zu", features);
    snprintf(depth, sizeof depth, "%d", (int)growth->depth);
    snprintf(smoothing, sizeof smoothing, "%.6g", (double)growth->smoothing);
    snprintf(least, sizeof least, "%.6g", (double)growth->least);
    int bad = XGBoosterCreate(NULL, 0, out);
    for (size_t i = 0; i < sizeof settings / sizeof *settings && !bad; i++)
        bad = XGBoosterSetParam(*out, settings[i][0], settings[i][1]);
    return bad;
}

/* An array of a tree. */
static const cJSON *array_of(const cJSON *tree, const char *name, int count)
{
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(tree, name);
    return cJSON_IsArray(array) && cJSON_GetArraySize(array) == count ? array : NULL;
}

/* Nodes of XGBoost's as it has them: five lists side by side. */
typedef struct listed {
    int left, right, feature, missing_left;
    float value;
} listed;

static int number_of(const cJSON *item)
{
    return cJSON_IsTrue(item) ? 1 : cJSON_IsNumber(item) ? item->valueint : 0;
}

static listed *nodes_list(const cJSON *tree, int *count)
{
    const cJSON *left = cJSON_GetObjectItemCaseSensitive(tree, "left_children");
    *count = cJSON_IsArray(left) ? cJSON_GetArraySize(left) : 0;
    const cJSON *right = array_of(tree, "right_children", *count);
    const cJSON *feature = array_of(tree, "split_indices", *count);
    const cJSON *missing = array_of(tree, "default_left", *count);
    const cJSON *value = array_of(tree, "split_conditions", *count);
    listed *list = *count && right && feature && missing && value
                       ? calloc((size_t)*count, sizeof *list)
                       : NULL;
    if (!list)
        return NULL;
    left = left->child;
    right = right->child;
    feature = feature->child;
    missing = missing->child;
    value = value->child;
    for (int i = 0; i < *count; i++) {
        list[i] = (listed){number_of(left), number_of(right), number_of(feature),
                           number_of(missing), (float)value->valuedouble};
        left = left->next;
        right = right->next;
        feature = feature->next;
        missing = missing->next;
        value = value->next;
    }
    return list;
}

/* Those that are reached from the root, brothers side by side. */
static int nodes_take(nq_tree_node *out, size_t *count, size_t most, const listed *list, int all)
{
    int from[2 << DEPTH_MOST] = {0};
    *count = 1;
    for (size_t i = 0; i < *count; i++) {
        const listed *n = &list[from[i]];
        if (n->left < 0) {
            out[i] = (nq_tree_node){.feature = -1, .value = n->value};
            continue;
        }
        if (n->left >= all || n->right < 0 || n->right >= all || *count + 2 > most)
            return 0;
        out[i] = (nq_tree_node){n->feature, (uint32_t)*count, n->missing_left, n->value};
        from[(*count)++] = n->left;
        from[(*count)++] = n->right;
    }
    return 1;
}

static nq_status tree_read(nq_tree_node *nodes, size_t *count, size_t most, const char *text,
                           size_t length, char *reason, size_t size)
{
    static const char *const way[] = {"learner", "gradient_booster", "model", "trees"};
    cJSON *json = cJSON_ParseWithLength(text, length);
    const cJSON *at = json;
    int all = 0;
    for (size_t i = 0; i < sizeof way / sizeof *way; i++)
        at = cJSON_GetObjectItemCaseSensitive(at, way[i]);
    listed *list = nodes_list(cJSON_GetArrayItem(at, 0), &all);
    const int done = list && nodes_take(nodes, count, most, list, all);
    free(list);
    cJSON_Delete(json);
    if (done)
        return NQ_OK;
    snprintf(reason, size, "this version of XGBoost writes trees in another way");
    return NQ_ERROR_UNSUPPORTED;
}

static nq_status grow(void *state, const nq_growth *growth, const float *gradient,
                      const float *curvature, nq_tree_node *nodes, size_t *count, char *reason,
                      size_t size)
{
    const matrix *m = state;
    const char *text = NULL;
    bst_ulong length = 0;
    BoosterHandle booster = NULL;
    nq_status status;
    if (growth->depth < 1 || growth->depth > DEPTH_MOST) {
        snprintf(reason, size, "a depth of %d: expected 1 to %d", (int)growth->depth, DEPTH_MOST);
        return NQ_ERROR_ARGUMENT;
    }
    /* XGBoost only reads gradients that it takes as arrays to write to */
    if (booster_new(&booster, growth, m->features) ||
        XGBoosterBoostOneIter(booster, m->rows, (float *)(uintptr_t)gradient,
                              (float *)(uintptr_t)curvature, m->count) ||
        XGBoosterSaveModelToBuffer(booster, "{\"format\": \"json\"}", &length, &text))
        status = failure(reason, size);
    else
        status =
            tree_read(nodes, count, ((size_t)2 << growth->depth) - 1, text, length, reason, size);
    if (booster)
        XGBoosterFree(booster);
    return status;
}

static void rows_close(void *state)
{
    matrix *m = state;
    if (m->rows)
        XGDMatrixFree(m->rows);
    free(m);
}

/* The first tree makes what all trees read. */
static nq_status first_grow(matrix *m, char *reason, size_t size)
{
    const nq_growth growth = {1, 1, 1};
    nq_tree_node nodes[3];
    size_t count;
    float *slope = calloc(2 * m->count, sizeof *slope);
    nq_status status = NQ_ERROR_MEMORY;
    if (slope)
        status = grow(m, &growth, slope, slope + m->count, nodes, &count, reason, size);
    else
        snprintf(reason, size, "there is no memory for rows");
    free(slope);
    return status;
}

static nq_status rows_open(void *state, void **out, const float *values, size_t rows,
                           size_t features, char *reason, size_t size)
{
    matrix *m = calloc(1, sizeof *m);
    (void)state;
    *out = NULL;
    if (!m) {
        snprintf(reason, size, "there is no memory for rows");
        return NQ_ERROR_MEMORY;
    }
    m->count = rows;
    m->features = features;
    nq_status status = NQ_OK;
    if (XGDMatrixCreateFromMat_omp(values, rows, features, NAN, &m->rows, 1))
        status = failure(reason, size);
    if (!status)
        status = first_grow(m, reason, size);
    if (status)
        rows_close(m);
    else
        *out = m;
    return status;
}

static const nq_booster booster = {NULL, prepare, rows_open, grow, rows_close};

const nq_booster *nq_xgboost(void)
{
    return &booster;
}
