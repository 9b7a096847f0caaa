/* Link text: a directed link, in words.
 *
 * Thread: any; pure. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_LINK_TEXT_H
#define PCED_SERVER_PCECTL_TOPOLOGY_LINK_TEXT_H

#include "core/ted/ted.h"

#define NETWORK_LINK_TEXT_SIZE 600

/* "Paris > Lyon (198.51.100.0)": with what tells it from parallel ones, where it has that. */
const char *network_link_text(const struct ted_snapshot *snapshot, uint32_t link,
                              char text[NETWORK_LINK_TEXT_SIZE]);

#endif
