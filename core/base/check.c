#include "core/base/check.h"

#include <stdio.h>
#include <stdlib.h>

static void print_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
}

static check_handler *current = print_failed;

void check_set_handler(check_handler *handler)
{
    current = handler == NULL ? print_failed : handler;
}

void check_failed(const char *condition, const char *file, int line)
{
    current(condition, file, line);
    abort();
}
