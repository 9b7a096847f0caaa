/* The status where memory is short: each allocation of its JSON refused in turn. */
#include "server/control/metrics.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static int64_t blocks;
static uint64_t calls, refused;

/* One call is refused, those behind it are not: memory is short for a moment only. */
static void *take(size_t size)
{
    if (calls++ == refused)
        return NULL;
    blocks++;
    return malloc(size);
}

static void give_back(void *block)
{
    blocks -= block != NULL;
    free(block);
}

Test(metrics, leave_nothing_behind_wherever_memory_is_short)
{
    static struct shared shared;
    static const struct http_counters http;
    const struct server_figures figures = {.shards = 0};
    json_set_alloc_funcs(take, give_back);
    json_t *json = NULL;
    for (refused = 0; json == NULL; refused++) {
        calls = 0;
        json = metrics_json(&shared, &figures, &http);
        if (json == NULL)
            cr_assert_eq(blocks, 0, "call %llu", (unsigned long long)refused);
    }
    cr_expect_gt(refused, 100);
    json_decref(json);
    cr_expect_eq(blocks, 0);
    json_set_alloc_funcs(malloc, free);
}
