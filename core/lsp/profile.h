/* Profile: how a kind of router wants to be spoken to, beyond what its Open says.
 *
 * A profile is a row of profile.def. The configuration names one for a peer, or it is recognised by
 * the Open and by what the first reports carry. What a profile forbids is refused before it is sent,
 * with the reason; nothing is left out in silence.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_LSP_PROFILE_H
#define PCED_CORE_LSP_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/* How a peer is told the colour of an SR policy. */
enum lsp_color_form {
    LSP_COLOR_NONE,                /* it cannot be told */
    LSP_COLOR_ASSOCIATION,         /* association type 6 (RFC 9862 4.1), where its Open lists it */
    LSP_COLOR_ASSOCIATION_CISCO,   /* type 0x14 with the same TLVs */
    LSP_COLOR_ASSOCIATION_JUNIPER, /* type 0xFFE1 with the TLVs 65507 to 65509 */
    LSP_COLOR_VENDOR,              /* VENDOR-INFORMATION of enterprise 9 */
};

#define LSP_HABIT_DELETE_NEEDS_D UINT8_C(0x01) /* a deletion has D set in its LSP object */
#define LSP_HABIT_KEEPS_DELEGATION                                                                 \
    UINT8_C(0x02)                            /* D = 0 is not understood: nothing is given back */
#define LSP_HABIT_NO_EMPTY_ERO UINT8_C(0x04) /* an update with an empty ERO is never answered */
#define LSP_HABIT_LABELS_ALONE UINT8_C(0x08) /* segments of SR-MPLS are labels: S = 0, M = 1 */
#define LSP_HABIT_NO_NAI       UINT8_C(0x10) /* … without a node or adjacency: F = 1 */
#define LSP_HABIT_IPV4_ALONE   UINT8_C(0x20) /* no ends of IPv6 */
#define LSP_HABIT_VAGUE_C      UINT8_C(0x40) /* C is set for LSPs that no PCE has initiated */
#define LSP_HABIT_SAME_NAMES   UINT8_C(0x80) /* LSPs of one name, told apart by their endpoints */

enum lsp_profile_id {
#define LSP_PROFILE(id, name, color, habits, message_size_max) LSP_PROFILE_##id,
#include "core/lsp/profile.def"
#undef LSP_PROFILE
    LSP_PROFILE_COUNT,
};

struct lsp_profile {
    const char *name; /* in the configuration and in views */
    uint8_t id;       /* enum lsp_profile_id */
    uint8_t color;    /* enum lsp_color_form */
    uint8_t habits;   /* LSP_HABIT_… */
    uint16_t message_size_max;
};

/* Association types that tell something of a peer; bits of `associations`. */
#define LSP_SAID_ASSOCIATIONS   UINT8_C(0x01) /* its Open has an ASSOC-Type-List */
#define LSP_SAID_SR_POLICY      UINT8_C(0x02) /* type 6 */
#define LSP_SAID_POLICY_CISCO   UINT8_C(0x04) /* type 0x14 */
#define LSP_SAID_POLICY_JUNIPER UINT8_C(0x08) /* type 0xFFE1 */
#define LSP_SAID_DISJOINT       UINT8_C(0x10) /* type 2 */

/* What of a peer's Open recognises it. */
struct lsp_said {
    uint64_t psts;           /* bit n: PATH-SETUP-TYPE n */
    uint32_t stateful_flags; /* of its STATEFUL-PCE-CAPABILITY */
    uint8_t associations;    /* LSP_SAID_… */
    bool has_pst_list;
    bool has_db_version; /* an LSP-DB-VERSION, whatever the S flag says */
};

const struct lsp_profile *lsp_profile_get(enum lsp_profile_id id);
/* By its name; NULL: there is none. */
const struct lsp_profile *lsp_profile_find(const char *name);
/* By its Open; the standard's where nothing speaks for another one. */
const struct lsp_profile *lsp_profile_recognise(const struct lsp_said *said);
/* By an association type in one of its reports: what it sends it also takes. Gives the profile that
 * holds from now on; only a standard one is left for another. */
const struct lsp_profile *lsp_profile_learn(const struct lsp_profile *profile,
                                            uint16_t association_type);

/* What an association type of SR policies says; 0: it is another. */
uint8_t lsp_profile_association_bit(uint16_t association_type);

static inline bool lsp_profile_has(const struct lsp_profile *profile, uint8_t habit)
{
    return (profile->habits & habit) != 0;
}

#endif
