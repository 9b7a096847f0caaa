/* /api/v1/lsps: the list. */
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/lsp_json.h"

static bool lsps_read_name(const char *text, struct lsp_filter *filter)
{
    return text == NULL || lsp_name_parse(text, filter->name, &filter->name_size);
}

static const char *lsps_read(const struct http_request *request, void *argument,
                             struct address_range *whose)
{
    struct lsp_filter *filter = &((struct lsp_list *)argument)->filter;
    const char *state = api_argument(request, "state");
    const char *setup = api_argument(request, "setup_type");
    filter->operational = UINT8_MAX;
    filter->setup_type = UINT8_MAX;
    if (!api_read_range(request, "pcc", &filter->pcc))
        return "pcc";
    *whose = filter->pcc;
    if (!api_read_range(request, "source", &filter->source))
        return "source";
    if (!api_read_range(request, "destination", &filter->destination))
        return "destination";
    if (!lsps_read_name(api_argument(request, "name"), filter))
        return "name";
    if (state != NULL && !lsp_state_parse(state, &filter->operational))
        return "state";
    if (setup != NULL && !lsp_setup_parse(setup, &filter->setup_type))
        return "setup_type";
    if (!api_read_either(request, "delegated", &filter->delegated))
        return "delegated";
    return api_read_either(request, "stale", &filter->stale) ? NULL : "stale";
}

static json_t *lsps_row(const void *view)
{
    return lsp_json_row(view);
}

void api_list_lsps(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "lsps",
        .view = VIEW_LSP_LIST,
        .argument_size = sizeof(struct lsp_list),
        .view_size = sizeof(struct lsp_view),
        .arguments =
            {
                {"pcc", API_MUST_BE_RANGE},
                {"source", API_MUST_BE_RANGE},
                {"destination", API_MUST_BE_RANGE},
                {"name", "must be a symbolic path name, what is not printable in it as \\xNN"},
                {"state", "must be one of down, up, active, going down, going up"},
                {"setup_type", "must be a path setup type, such as RSVP-TE, SR-MPLS or SRv6"},
                {"delegated", API_MUST_BE_EITHER},
                {"stale", API_MUST_BE_EITHER},
            },
        .read = lsps_read,
        .row = lsps_row,
        .place_max = UINT32_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
}
