/* Binding: a label or SRv6 SID that stands for an LSP (RFC 9604), as an order asks for it.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_LSP_LSP_BINDING_H
#define PCED_CORE_LSP_LSP_BINDING_H

#include "core/base/ip.h"
#include "core/base/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LSP_BINDING_LABEL_MIN 16      /* those below are reserved (RFC 3032 2.1) */
#define LSP_BINDING_LABEL_MAX 0xFFFFF /* 20 bits */

enum lsp_binding_what {
    LSP_BINDING_NONE,
    LSP_BINDING_ANY,    /* the router chooses one */
    LSP_BINDING_THIS,   /* that one */
    LSP_BINDING_REMOVE, /* that one is to go */
};

struct lsp_binding {
    uint8_t what;   /* enum lsp_binding_what */
    bool is_srv6;   /* a SID, and not a label */
    uint32_t label; /* of THIS and REMOVE */
    struct ip sid;  /* likewise */
};

/* NULL: it can be asked for. */
const char *lsp_binding_refusal(const struct lsp_binding *binding, uint8_t setup_type);
/* Octets of its TLV, padding included; 0: none is asked for. */
size_t lsp_binding_size(const struct lsp_binding *binding);
void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer);

#endif
