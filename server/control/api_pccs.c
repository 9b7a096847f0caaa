/* /api/v1/pccs: whose LSPs are known. */
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/lsp_json.h"

#include <stdio.h>

/* ---- the place: the PCC behind which to go on ---- */

static bool pccs_parse_place(const char *text, void *argument)
{
    return *text == '\0' || ip_parse(text, &((struct pcc_list *)argument)->after);
}

static void pccs_restart(void *argument)
{
    ((struct pcc_list *)argument)->after = (struct ip){.family = IP_NONE};
}

static void pccs_format_place(const void *argument, char *text, size_t size)
{
    const struct ip *after = &((const struct pcc_list *)argument)->after;
    char address[IP_TEXT_SIZE];
    (void)snprintf(text, size, "%s", after->family == IP_NONE ? "" : ip_format(after, address));
}

static const char *pccs_lost(const void *argument)
{
    return ((const struct pcc_list *)argument)->is_lost
               ? "the PCC where this page ends is gone; begin anew without a cursor"
               : NULL;
}

/* ---- the list ---- */

static const char *pccs_read(const struct http_request *request, void *argument,
                             struct address_range *whose)
{
    struct pcc_list *list = argument;
    if (!api_read_range(request, "peer", &list->range))
        return "peer";
    *whose = list->range;
    return NULL;
}

static json_t *pccs_row(const void *view)
{
    return pcc_json_row(view);
}

void api_list_pccs(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_place place = {.parse = pccs_parse_place,
                                                .restart = pccs_restart,
                                                .format = pccs_format_place,
                                                .lost = pccs_lost};
    static const struct api_list_kind kind = {
        .name = "pccs",
        .view = VIEW_PCC_LIST,
        .argument_size = sizeof(struct pcc_list),
        .view_size = sizeof(struct pcc_view),
        .arguments = {{"peer", API_MUST_BE_RANGE}},
        .read = pccs_read,
        .row = pccs_row,
        .place = &place,
    };
    (void)rest;
    api_list(&kind, api, request);
}
