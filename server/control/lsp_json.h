/* LSPs and PCCs as JSON, for the API.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting.
 * Bound: LSP_JSON_ARENA octets for decoding the objects of one LSP. */
#ifndef PCED_SERVER_CONTROL_LSP_JSON_H
#define PCED_SERVER_CONTROL_LSP_JSON_H

#include "server/control/lsp_words.h"
#include "server/northbound/lsp_view.h"
#include "server/northbound/pcc_view.h"

#include <jansson.h>

#define LSP_JSON_ARENA     ((size_t)16 << 20)
#define LSP_ID_SIZE        36 /* "255-4294967295-4294967295" and its NUL */
#define LSP_NAME_TEXT_SIZE (4 * LSP_NAME_MAX + 1)

/* A row of a list, and all that is known. New references; NULL when memory ran out. */
json_t *lsp_json_row(const struct lsp_view *view);
json_t *lsp_json_detail(const struct lsp_detail *detail);
json_t *pcc_json_row(const struct pcc_view *view);

/* "shard-slot-generation". */
bool lsp_id_parse(const char *text, uint32_t *shard, struct lsp_handle *id);

/* A symbolic path name is whatever octets its PCC has chosen (RFC 8231 7.3.2). As text, what is not
 * printable ASCII, and the backslash, is \xNN; the other way round anything else is itself. False:
 * there is no such name. */
void lsp_name_format(const char *name, uint8_t size, char text[LSP_NAME_TEXT_SIZE]);
bool lsp_name_parse(const char *text, char name[LSP_NAME_MAX], uint8_t *size);

#endif
