#include "server/pcectl/topology/network_check.h"

#include <stdio.h>

enum pce_status network_check(const struct ted_snapshot *snapshot, struct findings *findings)
{
    typedef enum pce_status check_fn(const struct ted_snapshot *snapshot,
                                     struct findings *findings);
    static check_fn *const checks[] = {network_check_parts, network_check_links,
                                       network_check_srlgs, network_check_labels};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        enum pce_status status = checks[i](snapshot, findings);
        if (status != PCE_OK)
            return status;
    }
    return findings->has_no_memory ? PCE_NO_MEMORY : PCE_OK;
}

const char *network_link_text(const struct ted_snapshot *snapshot, uint32_t link,
                              char text[NETWORK_LINK_TEXT_SIZE])
{
    const struct ted_link *at = &snapshot->links[link];
    char end[IP_TEXT_SIZE] = "";
    if (at->local_v4.family != IP_NONE)
        (void)ip_format(&at->local_v4, end);
    else if (at->local_v6.family != IP_NONE)
        (void)ip_format(&at->local_v6, end);
    else if (at->local_id != 0)
        (void)snprintf(end, sizeof end, "interface %u", at->local_id);
    (void)snprintf(text, NETWORK_LINK_TEXT_SIZE, "%s > %s%s%s%s", snapshot->nodes[at->from].name,
                   snapshot->nodes[at->to].name, end[0] == '\0' ? "" : " (", end,
                   end[0] == '\0' ? "" : ")");
    return text;
}
