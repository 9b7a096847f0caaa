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

struct lsp_instance;

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
    bool replaces;  /* of THIS: `former` is to go (RFC 9604 5) */
    uint32_t label; /* of THIS and REMOVE */
    struct ip sid;  /* likewise */
    struct {
        uint32_t label;
        struct ip sid;
    } former;
};

/* Whether both have the value, whatever is asked of it. */
bool lsp_binding_is_same(const struct lsp_binding *a, const struct lsp_binding *b);
/* The first one that a PCC has reported in the form of the RFC: THIS; NONE: there is none. */
struct lsp_binding lsp_binding_reported(const struct lsp_instance *instance);
/* NULL: it can be asked for. */
const char *lsp_binding_refusal(const struct lsp_binding *binding, uint8_t setup_type);
/* Octets of its TLVs, padding included; 0: none is asked for. */
size_t lsp_binding_size(const struct lsp_binding *binding);
void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer);

#endif
