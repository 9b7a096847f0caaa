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

#define LSP_BINDINGS_CARRIED_MAX 8 /* of one LSP, that its last report did not say again */

#define LSP_BINDING_OCTETS_MAX 24 /* a SID with its behaviour and structure (RFC 9604 4.1) */

enum lsp_binding_what {
    LSP_BINDING_NONE,
    LSP_BINDING_ANY,    /* the router chooses one */
    LSP_BINDING_THIS,   /* that one */
    LSP_BINDING_REMOVE, /* that one is to go */
};

/* A binding value as a TLV has it, in the form that its binding type says (RFC 9604 4). */
struct lsp_binding_form {
    uint8_t type;
    uint8_t size; /* 0: there is none */
    uint8_t octets[LSP_BINDING_OCTETS_MAX];
};

struct lsp_binding {
    uint8_t what;   /* enum lsp_binding_what */
    bool is_srv6;   /* a SID, and not a label */
    uint32_t label; /* of THIS and REMOVE */
    struct ip sid;  /* likewise */
    /* As its PCC has reported what is to go: of REMOVE the value itself, of THIS the one before it (RFC
     * 9604 5). None: of REMOVE the label or SID alone is said. */
    struct lsp_binding_form former;
};

/* Whether both have the value, whatever is asked of it. */
bool lsp_binding_is_same(const struct lsp_binding *a, const struct lsp_binding *b);
/* The first one that a PCC has reported in a form of the RFC: THIS, and that form; NONE: there is none. */
struct lsp_binding lsp_binding_reported(const struct lsp_instance *instance);
/* The one of the same value that it has reported; NONE: there is none. */
struct lsp_binding lsp_binding_find(const struct lsp_instance *instance,
                                    const struct lsp_binding *wanted);

/* What is not said again. */
struct lsp_binding_carry {
    const struct lsp_instance *former; /* what was reported before; NULL: nothing */
    bool is_cut;                       /* there was more than may be */
};

/* Appends to an LSP object of `size` octets what was reported before and is not said in it: that remains
 * (RFC 9604 5). At most LSP_BINDINGS_CARRIED_MAX TLVs, and `room` octets in all; how many there are. */
size_t lsp_binding_carry(struct lsp_binding_carry *carry, uint8_t *object, size_t size,
                         size_t room);
/* It is gone, unless the last report says that it is there: the router was asked to take it back, and has
 * done so without a word of it. */
void lsp_binding_withdraw(struct lsp_instance *instance, const struct lsp_binding_form *former);
/* NULL: it can be asked for. */
const char *lsp_binding_refusal(const struct lsp_binding *binding, uint8_t setup_type);
/* Octets of its TLVs, padding included; 0: none is asked for. */
size_t lsp_binding_size(const struct lsp_binding *binding);
void lsp_binding_put(const struct lsp_binding *binding, struct wire_writer *writer);

#endif
