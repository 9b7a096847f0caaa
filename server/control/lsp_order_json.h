/* Orders about LSPs as JSON, for the API.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_LSP_ORDER_JSON_H
#define PCED_SERVER_CONTROL_LSP_ORDER_JSON_H

#include "server/northbound/lsp_order.h"

#include <jansson.h>

#define LSP_ORDER_ID_SIZE 32 /* "255-18446744073709551615" and its NUL */

/* A new reference; NULL when memory ran out. */
json_t *lsp_order_json(const struct lsp_order_view *view);

/* "shard-number". */
void lsp_order_id_format(uint32_t shard, uint64_t id, char text[LSP_ORDER_ID_SIZE]);
bool lsp_order_id_parse(const char *text, uint32_t *shard, uint64_t *id);

#endif
