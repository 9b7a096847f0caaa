#include "server/pcectl/topology/link_text.h"

#include <stdio.h>

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
