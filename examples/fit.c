/* fit.c - what `noneq train DATA -o MODEL` does, by the library alone. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Usage: fit DATA MODEL [FIELD=TEXT ...], as in fit data.csv m.nq updates=500 valid=0.2 */
#include <noneq.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS = 32 };

/* What was chosen and found. */
static void tell(void *user, nq_log_level level, const char *text)
{
    if (level != NQ_LOG_DETAIL)
        fprintf(user, "%s\n", text);
}

int main(int argc, char **argv)
{
    nq_context *context = NULL;
    nq_fit_options options;
    nq_setting settings[SETTINGS];
    const nq_monitor monitor = {.log = tell, .user = stderr};

    if (argc < 3 || argc > 3 + SETTINGS)
        return EXIT_FAILURE;
    const nq_source rows = {.path = argv[1]};
    nq_fit_options_init(&options, sizeof options);
    options.output = argv[2];
    options.settings = settings;
    for (int i = 3; i < argc; i++) {
        char *text = argv[i] + strcspn(argv[i], "=");
        if (*text)
            *text++ = '\0';
        if (strcmp(argv[i], "valid") == 0)
            options.valid = text;
        else if (strcmp(argv[i], "preset") == 0)
            options.preset = text;
        else
            settings[options.setting_count++] = (nq_setting){argv[i], text};
    }
    nq_status status = nq_context_new(&context, NULL);
    if (!status && !(status = nq_context_watch(context, &monitor)))
        status = nq_fit(NULL, NULL, context, &rows, &options);
    if (status)
        fprintf(stderr, "%s\n", nq_context_message(context));
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
