/* /api/v1/groups: LSPs whose paths depend on each other. */
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/group_json.h"

/* A group may be any shard's, wherever the PCCs of its members are: `whose` stays all. */
static const char *groups_read(const struct http_request *request, void *argument,
                               struct address_range *whose)
{
    struct group_list *list = argument;
    const char *state = api_argument(request, "state");
    (void)whose;
    list->state = UINT8_MAX;
    if (!api_read_range(request, "pcc", &list->pcc))
        return "pcc";
    return state == NULL || group_state_parse(state, &list->state) ? NULL : "state";
}

static json_t *groups_row(const void *view)
{
    return group_json_row(view);
}

void api_list_groups(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "groups",
        .view = VIEW_GROUP_LIST,
        .argument_size = sizeof(struct group_list),
        .view_size = sizeof(struct group_view),
        .arguments = {{"pcc", API_MUST_BE_RANGE},
                      {"state", "must be \"one member\", \"as asked\", \"being moved\", "
                                "\"less than asked\" or \"cannot be as asked\""}},
        .read = groups_read,
        .row = groups_row,
        .place_max = UINT32_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
}
