#include "server/control/lsp_named.h"

#include "server/control/api_answer.h"
#include "server/control/lsp_json.h"

#include <stdio.h>
#include <string.h>

/* "192.0.2.1/NAME": false when the text is no such thing. */
static bool lsp_named_read_pair(const char *text, struct lsp_name *name)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    if (slash == NULL || (size_t)(slash - text) >= sizeof address)
        return false;
    (void)snprintf(address, sizeof address, "%.*s", (int)(slash - text), text);
    return ip_parse(address, &name->pcc) && lsp_name_parse(slash + 1, name->text, &name->size);
}

bool lsp_named_read(const struct api *api, struct http_request *request, const char *text,
                    struct lsp_name *name, uint32_t *shard)
{
    unsigned shard_count = api->shared->shard_count;
    *name = (struct lsp_name){.size = 0};
    if (lsp_named_read_pair(text, name)) {
        *shard = listener_shard_of(&name->pcc, shard_count);
        return true;
    }
    if (!lsp_id_parse(text, shard, &name->id)) {
        api_refuse(request, 400, "lsp", "must be the id of an LSP, or PCC/NAME");
        return false;
    }
    if (*shard >= shard_count) {
        api_refuse(request, 404, "lsp", "there is no such LSP");
        return false;
    }
    return true;
}
