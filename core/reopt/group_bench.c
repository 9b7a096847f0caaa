#include "core/reopt/group_bench.h"

void group_bench_fini(struct group_bench *bench)
{
    group_sharer_fini(&bench->sharer);
    path_avoid_fini(&bench->avoid[0]);
    path_avoid_fini(&bench->avoid[1]);
    if (bench->set != NULL)
        path_set_destroy(bench->set);
    bench->set = NULL;
}
