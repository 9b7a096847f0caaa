/* /api/v1/intents: the list. */
#include "core/base/number.h"
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/intent_rows.h"

static bool intents_read_color(const char *text, struct intent_filter *filter)
{
    uint64_t color;
    if (text == NULL)
        return true;
    if (!number_parse(text, UINT32_MAX, &color))
        return false;
    filter->has_color = true;
    filter->color = (uint32_t)color;
    return true;
}

static const char *intents_read(const struct http_request *request, void *argument,
                                struct address_range *whose)
{
    struct intent_filter *filter = &((struct intent_list *)argument)->filter;
    const char *state = api_argument(request, "state");
    filter->state = UINT8_MAX;
    if (!api_read_range(request, "pcc", &filter->pcc))
        return "pcc";
    *whose = filter->pcc;
    if (!api_read_range(request, "endpoint", &filter->endpoint))
        return "endpoint";
    if (state != NULL && !intent_state_parse(state, &filter->state))
        return "state";
    return intents_read_color(api_argument(request, "color"), filter) ? NULL : "color";
}

static json_t *intents_row(const void *view)
{
    return intent_row(view);
}

void api_list_intents(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "intents",
        .view = VIEW_INTENT_LIST,
        .argument_size = sizeof(struct intent_list),
        .view_size = sizeof(struct intent_view),
        .arguments = {{"pcc", API_MUST_BE_RANGE},
                      {"endpoint", API_MUST_BE_RANGE},
                      {"state", "must be one of waiting, no path, ordered, up, down, refused, "
                                "unconfirmed, conflict, removing"},
                      {"color", "must be a number from 0 to 4294967295"}},
        .read = intents_read,
        .row = intents_row,
        .place_max = UINT32_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
}
