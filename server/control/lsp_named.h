/* LSP named: which LSP a path of the API means, and whose shard that is.
 *
 * Thread: the control thread. Owns: nothing. */
#ifndef PCED_SERVER_CONTROL_LSP_NAMED_H
#define PCED_SERVER_CONTROL_LSP_NAMED_H

#include "server/control/api.h"
#include "server/northbound/lsp_name.h"

/* text: an id, or "192.0.2.1/NAME". False when it is nobody's, which was answered. */
bool lsp_named_read(const struct api *api, struct http_request *request, const char *text,
                    struct lsp_name *name, uint32_t *shard);

#endif
