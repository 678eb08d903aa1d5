/* page.c - the frame of a page: its title, first sentences, contents, and sections in order. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include <noneq/version.h>

#include "task/page/html/html.h"
#include "task/page/say/say.h"

typedef struct section {
    void (*say)(FILE *file, const nqi_findings *found);
    const char *id, *name, *heading;
    int tables, pictures; /* on pages of which it is */
} section;

static const section sections[] = {
    {nqi_say_facts, "facts", "What this is", "What this is", 1, 1},
    {nqi_say_columns, "columns", "Columns", "Columns, real beside sampled", 1, 0},
    {nqi_say_sheets, "pictures", "Pictures", "Pictures, real beside sampled", 0, 1},
    {nqi_say_pairs, "pairs", "Pairs", "How columns go together", 1, 0},
    {nqi_say_differences, "differ", "Differences", "Where they differ most", 1, 0},
    {nqi_say_bound, "bits", "K", "How probable rows are (K)", 1, 1},
    {nqi_say_ais, "ais", "Likelihood", "How probable rows are, by trajectories", 1, 1},
    {nqi_say_check, "calibration", "Calibration", "Calibration", 1, 0},
    {nqi_say_nearest, "nearest", "Copies", "Does it copy training rows?", 1, 0},
    {nqi_say_nearest_sheet, "nearest", "Copies", "Does it copy training pictures?", 0, 1},
    {nqi_say_training, "training", "Training", "How it was trained", 1, 1},
    {nqi_say_options, "options", "Options", "Options and versions", 1, 1},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static int is_shown(const nqi_findings *found, const section *at)
{
    return nqi_page_is_of_pictures(found) ? at->pictures : at->tables;
}

static void section_put(FILE *file, const nqi_findings *found, const section *at)
{
    fprintf(file, "\n<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n",
            at->id, at->id, at->id, at->heading);
    at->say(file, found);
    fputs("</section>\n", file);
}

/* Of a path the name alone. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

void nqi_say_paragraphs(FILE *file, const char *lines)
{
    char line[NQI_WHY];
    while ((lines = nqi_say_sentence(line, lines))) {
        fputs("<p>", file);
        nqi_html_text(file, line);
        fputs("</p>\n", file);
    }
}

void nqi_say_page(FILE *file, const void *result)
{
    const nqi_findings *found = result;
    char title[NQI_WHY];
    if (found->options->title)
        snprintf(title, sizeof title, "%s", found->options->title);
    else
        snprintf(title, sizeof title, "%s on %s", last_part(nqi_say_model_name(found)),
                 last_part(found->rows.judge->name));
    nqi_html_head(file, title);
    fputs("<header><h1>", file);
    nqi_html_text(file, title);
    fputs("</h1>\n<div class=\"sum\">\n", file);
    nqi_say_paragraphs(file, found->words.summary);
    fputs("</div>\n<nav aria-label=\"sections\"><ul>\n", file);
    for (size_t i = 0; i < SECTIONS; i++)
        if (is_shown(found, &sections[i]))
            fprintf(file, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id, sections[i].name);
    fputs("</ul></nav></header>\n<main>\n", file);
    for (size_t i = 0; i < SECTIONS; i++)
        if (is_shown(found, &sections[i]))
            section_put(file, found, &sections[i]);
    fputs("</main>\n<footer>Made by noneq " NQ_VERSION
          ": diffusion probabilistic models of tables and pictures.</footer>\n</body>\n</html>\n",
          file);
}
