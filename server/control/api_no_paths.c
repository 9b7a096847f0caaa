/* /api/v1/no-paths: requests that were answered with NO-PATH. */
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/no_path_json.h"

static const char *no_paths_read(const struct http_request *request, void *argument,
                                 struct address_range *whose)
{
    struct no_path_list *list = argument;
    if (!api_read_range(request, "peer", &list->range))
        return "peer";
    *whose = list->range;
    return api_read_either(request, "cured", &list->cured) ? NULL : "cured";
}

static json_t *no_paths_row(const void *view)
{
    struct arena arena;
    arena_init(&arena, NO_PATH_JSON_ARENA);
    json_t *row = no_path_json_row(view, &arena);
    arena_fini(&arena);
    return row;
}

void api_list_no_paths(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "no_paths",
        .view = VIEW_NO_PATH_LIST,
        .argument_size = sizeof(struct no_path_list),
        .view_size = sizeof(struct no_path_view),
        .arguments = {{"peer", API_MUST_BE_RANGE}, {"cured", API_MUST_BE_EITHER}},
        .read = no_paths_read,
        .row = no_paths_row,
        .place_max = UINT32_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
}
