/* LSP-IDENTIFIERS of an instance, read out of its octets (RFC 8231 7.3.1).
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_LSP_LSP_IDENTIFIERS_H
#define PCED_CORE_LSP_LSP_IDENTIFIERS_H

#include "core/base/ip.h"
#include "core/lsp/lsp.h"

struct lsp_identifiers {
    struct ip source; /* the tunnel's sender; IP_NONE: the report had no LSP-IDENTIFIERS */
    struct ip destination;
    struct ip extended_tunnel_id;
    uint16_t lsp_id;
    uint16_t tunnel_id;
};

struct lsp_identifiers lsp_identifiers_of(const struct lsp_instance *instance);

#endif
