/* Compose: PCUpd and PCInitiate as a peer of a certain profile wants them (RFC 8231 6.2, RFC 8281
 * 5.1).
 *
 * An order is composed in two steps. When it is submitted, what stands behind its LSP object is
 * judged and written once for this peer (lsp_compose_objects); when it is sent, the message is put
 * together with the SRP-ID and the PLSP-ID of that moment (lsp_compose_message). One LSP a message:
 * FRR reads the first of several alone, and a refused one says nothing about others.
 *
 * What this peer cannot be told is refused with a reason for operators, never left out.
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: the message size of the profile; LSP_COMPOSE_NAME_MAX octets of a name. */
#ifndef PCED_CORE_LSP_COMPOSE_H
#define PCED_CORE_LSP_COMPOSE_H

#include "core/base/arena.h"
#include "core/base/ip.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/lsp/lsp_binding.h"
#include "core/lsp/profile.h"
#include "core/pcep/model.h"

#include <stdbool.h>
#include <stdint.h>

#define LSP_COMPOSE_NAME_MAX 255 /* octets of a symbolic path name that we give */

/* What a PCC is asked to do. */
enum lsp_order_kind {
    LSP_ORDER_UPDATE,     /* PCUpd, D = 1 */
    LSP_ORDER_RETURN,     /* PCUpd, D = 0, empty ERO: a delegation refused or given back */
    LSP_ORDER_RESYNC,     /* PCUpd, S = 1, empty ERO; without an LSP: all of them (RFC 8232 6.2) */
    LSP_ORDER_CONTROL,    /* PCUpd with C in its SRP: give us control of it (RFC 8741 4) */
    LSP_ORDER_INITIATE,   /* PCInitiate, PLSP-ID 0 and a name */
    LSP_ORDER_DELETE,     /* PCInitiate with R in its SRP, nothing but SRP and LSP */
    LSP_ORDER_DELETE_ALL, /* the same with PLSP-ID 0: all that we have initiated */
    LSP_ORDER_ADOPT,      /* PCInitiate, SRP and LSP alone: an orphan is ours (RFC 8281 6) */
    LSP_ORDER_KIND_COUNT,
};

/* What this session can be asked: both Opens, and the profile. */
struct lsp_ability {
    const struct lsp_profile *profile;
    uint64_t psts;               /* setup types that both ends serve; bit n: PATH-SETUP-TYPE n */
    uint8_t associations;        /* LSP_SAID_…: what of its ASSOC-Type-List matters */
    uint16_t paths_max;          /* segment lists of one LSP; 0 and 1: one, and no PATH-ATTRIB */
    uint16_t multipath_flags;    /* PCEP_MULTIPATH_…, of the peer */
    uint16_t paths_offered;      /* by us, where both Opens have MULTIPATH-CAP; else 0 */
    uint8_t sid_depth_max;       /* labels that it can push; 0: it named no limit */
    uint8_t srv6_depth_max;      /* the same of SRv6 SIDs */
    bool may_update : 1;         /* U of both (RFC 8231 5.4) */
    bool may_initiate : 1;       /* I of both (RFC 8281 4.1) */
    bool may_resync : 1;         /* T of both (RFC 8232 6.2) */
    bool may_color : 1;          /* C of both (RFC 9863 3.1) */
    bool may_auto_bandwidth : 1; /* AUTO-BANDWIDTH-CAPABILITY of both (RFC 8733 5.1) */
    bool may_trigger : 1;        /* F of both (RFC 8232 5.2) */
};

/* The longest SID list of a setup type; 0: no limit is named. */
static inline uint8_t lsp_ability_depth_max(const struct lsp_ability *ability, uint8_t setup_type)
{
    if (setup_type == PCEP_PST_SRV6)
        return ability->srv6_depth_max;
    return setup_type == PCEP_PST_SR ? ability->sid_depth_max : 0;
}

/* The candidate path of an SR policy (RFC 9862 4.2). */
struct lsp_policy {
    uint32_t color;
    uint32_t preference;
    uint32_t discriminator;
    struct ip headend;
    struct ip endpoint;
    uint32_t originator_as; /* 0: none was configured (RFC 9862 4.5.2) */
    struct ip originator;   /* us */
};

/* What an order asks. */
struct lsp_wanted {
    uint8_t kind; /* enum lsp_order_kind */
    uint8_t setup_type;
    bool is_first; /* of a RESYNC: it is the first synchronisation of the session */
    const struct lsp_policy
        *policy;    /* of an initiation; NULL: no SR policy, or it is there already */
    bool has_color; /* of an initiation: a COLOR TLV (RFC 9863), beside no policy */
    uint32_t color;
    struct lsp_binding binding; /* of an update or initiation */
    /* END-POINTS, ASSOCIATION, ERO, LSPA, BANDWIDTH, METRIC …: whole objects as on the wire, in any
     * order; none for kinds that carry nothing. */
    struct wire_span objects;
};

/* The LSP of a message that is to be sent. */
struct lsp_head {
    uint8_t kind; /* enum lsp_order_kind */
    uint8_t setup_type;
    bool is_up; /* A: administratively up */
    uint32_t srp_id;
    uint32_t plsp_id;      /* of this session; 0 where the kind has none */
    struct wire_span name; /* of an initiation */
    bool has_color;
    uint32_t color;
    const struct lsp_binding *binding; /* NULL: none */
};

/* What came of writing what stands behind the LSP object. */
struct lsp_composition {
    const char *reason;   /* why not: static text for operators; NULL: it is written */
    uint64_t path_digest; /* lsp_path_digest of its ERO */
    float bandwidth;      /* of its BANDWIDTH; below 0: there is none */
};

/* Writes what stands behind the LSP object. PCE_DENIED: this session cannot be asked so, or this
 * peer cannot be told that. PCE_INVALID: the objects are not what an order can carry. PCE_LIMIT: it
 * is too long for the peer, or the arena is full. */
PCE_MUST_CHECK enum pce_status lsp_compose_objects(const struct lsp_ability *ability,
                                                   const struct lsp_wanted *wanted,
                                                   struct arena *arena, struct wire_writer *writer,
                                                   struct lsp_composition *composition);

/* Octets of the whole message. */
size_t lsp_compose_size(const struct lsp_head *head, size_t objects_size);
/* Writes it; a writer of that size does not fail. */
void lsp_compose_message(const struct lsp_profile *profile, const struct lsp_head *head,
                         struct wire_span objects, struct wire_writer *writer);

#endif
