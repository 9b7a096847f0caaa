#include "tests/lib/refusal.h"

#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

struct refusal refusal;

bool refusal_is_due(void)
{
    refusal.asked++;
    if (refusal.at == 0 || --refusal.at > 0)
        return false;
    refusal.was = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return refusal_is_due() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refusal_is_due() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return refusal_is_due() ? NULL : __real_realloc(old, size);
}
