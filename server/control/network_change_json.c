#include "server/control/network_change_json.h"

#include "core/base/utf8.h"

#include <string.h>

/* Names are what routers say, which need not be text. */
static void network_change_clean(char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t size = utf8_character_size((const uint8_t *)text, left);
        if (size == 0)
            *text = '?';
        size = size == 0 ? 1 : size;
        text += size;
        left -= size;
    }
}

json_t *network_change_json(struct network_change *change)
{
    network_change_clean(change->source);
    network_change_clean(change->node);
    network_change_clean(change->remote);
    network_change_clean(change->text);
    return json_pack("{s:I,s:f,s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "sequence",
                     (json_int_t)change->sequence, "at", change->at_s, "generation",
                     (json_int_t)change->generation, "what", change->what, "kind", change->kind,
                     "source", change->source, "node", change->node, "remote", change->remote,
                     "text", change->text);
}
