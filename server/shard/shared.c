#include "server/shard/shared.h"

const char *reload_part_text(enum reload_part part)
{
    static const char *const texts[RELOAD_PART_COUNT] = {
        [RELOAD_LOG] = "log",
        [RELOAD_CONFIGURATION] = "configuration",
        [RELOAD_TOPOLOGY] = "topology",
    };
    return texts[part];
}
