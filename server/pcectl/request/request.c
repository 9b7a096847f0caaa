/* pcectl request: asks a PCE for paths as a PCC does. */
#include "server/pcectl/request/request.h"

#include "core/base/map.h"
#include "server/pcectl/command.h"

#include <stdio.h>
#include <stdlib.h>

void request_plan_fini(struct request_plan *plan)
{
    if (plan->answers != NULL) {
        for (uint32_t i = 0; i < plan->pair_count; i++)
            free(plan->answers[i].hops);
    }
    free(plan->answers);
    free(plan->pairs);
    if (plan->topology != NULL)
        ted_snapshot_destroy(plan->topology);
}

static bool has_all_paths(const struct request_plan *plan)
{
    for (uint32_t i = 0; i < plan->pair_count; i++) {
        if (plan->answers[i].outcome != REQUEST_PATH)
            return false;
    }
    return true;
}

int request_command(int argc, char **argv)
{
    struct request_plan plan = {.pair_count = 0};
    int code = request_parse(argc, argv, &plan);
    if (code == COMMAND_OK && !request_run(&plan)) {
        code = COMMAND_FAILED;
    } else if (code == COMMAND_OK) {
        request_show(&plan);
        code = has_all_paths(&plan) ? COMMAND_OK : COMMAND_NO;
    }
    request_plan_fini(&plan);
    return code < 0 ? COMMAND_OK : code;
}
