/* pcectl request: asks a PCE for paths as a PCC does. */
#include "server/pcectl/request/request.h"

#include "core/base/map.h"
#include "server/pcectl/command.h"

#include <jansson.h>
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

/* The form of the API's errors. */
void request_show_failure(const struct request_plan *plan, const char *text, uint8_t error_type,
                          uint8_t error_value)
{
    (void)fprintf(stderr, "%s\n", text);
    if (!plan->is_json)
        return;
    json_t *error = json_pack("{s:s}", "message", text);
    if (error_type != 0) {
        (void)json_object_set_new(error, "error_type", json_integer(error_type));
        (void)json_object_set_new(error, "error_value", json_integer(error_value));
    }
    json_t *document = json_pack("{s:o}", "error", error);
    (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(document);
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
