#include "core/reopt/group_admit.h"

#include "core/pcep/model.h"

/* Protection types (RFC 4872 14.1). */
enum {
    TYPE_UNPROTECTED = 0x00,
    TYPE_REROUTING = 0x01,
    TYPE_REROUTING_WITHOUT_EXTRA_TRAFFIC = 0x02,
    TYPE_1_TO_N = 0x04,
    TYPE_1_PLUS_1 = 0x08,
    TYPE_1_PLUS_1_BIDIRECTIONAL = 0x10
};
enum { TYPE_SINGLE_SIDED = 4, TYPE_DOUBLE_SIDED = 5 };

struct admission {
    const struct group *group;
    const struct group_tell *tell;
    const char *why;
};

static bool admit_is_same(const struct group_tell *a, const struct group_tell *b)
{
    return a->head.member.shard == b->head.member.shard &&
           a->head.member.lsp.slot == b->head.member.lsp.slot;
}

static enum pcep_error_code admit_refuse(struct admission *admission, enum pcep_error_code error,
                                         const char *why)
{
    admission->why = why;
    return error;
}

/* Another member than the LSP itself; NULL: there is none. */
static const struct group_tell *admit_other(const struct admission *admission)
{
    for (uint32_t i = 0; i < admission->group->count; i++)
        if (!admit_is_same(admission->group->members[i].tell, admission->tell))
            return admission->group->members[i].tell;
    return NULL;
}

static enum pcep_error_code admit_disjoint(struct admission *admission)
{
    const struct group_tell *other = admit_other(admission);
    const uint8_t same = GROUP_DIVERSE | GROUP_STRICT;
    /* RFC 8800 5.1 */
    if (other != NULL && ((other->want.flags ^ admission->tell->want.flags) & same) != 0)
        return admit_refuse(admission, PCEP_ERROR_ASSOCIATION_MISMATCH,
                            "other flags than the group's");
    return PCEP_ERROR_NONE;
}

/* How many others are working, or protection LSPs, of the tunnel. */
static uint32_t admit_count(const struct admission *admission, bool is_protection)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < admission->group->count; i++) {
        const struct group_tell *at = admission->group->members[i].tell;
        count += !admit_is_same(at, admission->tell) && at->want.is_protection == is_protection;
    }
    return count;
}

/* The network has both ends of both. */
static bool admit_knows_ends(const struct group_tell *a, const struct group_tell *b)
{
    return a->source.family != IP_NONE && a->destination.family != IP_NONE &&
           b->source.family != IP_NONE && b->destination.family != IP_NONE;
}

static bool admit_has_ends_of(const struct group_tell *a, const struct group_tell *b)
{
    return ip_is_equal(&a->source, &b->source) && ip_is_equal(&a->destination, &b->destination);
}

static bool admit_knows_type(uint8_t type)
{
    switch (type) {
    case TYPE_UNPROTECTED:
    case TYPE_REROUTING:
    case TYPE_REROUTING_WITHOUT_EXTRA_TRAFFIC:
    case TYPE_1_TO_N:
    case TYPE_1_PLUS_1:
    case TYPE_1_PLUS_1_BIDIRECTIONAL:
        return true;
    default:
        return false;
    }
}

static enum pcep_error_code admit_protection(struct admission *admission)
{
    const struct group_tell *tell = admission->tell;
    const struct group_tell *other = admit_other(admission);
    /* RFC 8745 4.5 */
    if (!admit_knows_type(tell->want.protection_type))
        return admit_refuse(admission, PCEP_ERROR_PROTECTION_NOT_SUPPORTED,
                            "a protection type that there is not");
    if (other == NULL)
        return PCEP_ERROR_NONE;
    if ((admit_knows_ends(tell, other) && !admit_has_ends_of(tell, other)) ||
        (tell->has_tunnel && other->has_tunnel && tell->tunnel_id != other->tunnel_id))
        return admit_refuse(admission, PCEP_ERROR_PROTECTION_TUNNEL_MISMATCH,
                            "another tunnel or other ends than the group's");
    if (tell->want.protection_type != other->want.protection_type)
        return admit_refuse(admission, PCEP_ERROR_ASSOCIATION_MISMATCH,
                            "another protection type than the group's");
    uint8_t type = tell->want.protection_type;
    bool has_one_of_each = type == TYPE_1_PLUS_1 || type == TYPE_1_PLUS_1_BIDIRECTIONAL;
    bool has_one = has_one_of_each || (type == TYPE_1_TO_N && tell->want.is_protection);
    if (has_one && admit_count(admission, tell->want.is_protection) > 0)
        return admit_refuse(admission, PCEP_ERROR_PROTECTION_LSP_REPEATED,
                            "one more working or protection LSP than the type allows");
    return PCEP_ERROR_NONE;
}

static bool admit_is_opposite(const struct group_tell *a, const struct group_tell *b)
{
    return ip_is_equal(&a->source, &b->destination) && ip_is_equal(&a->destination, &b->source);
}

static enum pcep_error_code admit_bidirectional(struct admission *admission)
{
    const struct group_tell *tell = admission->tell;
    const struct group_tell *other = admit_other(admission);
    uint16_t type = tell->head.key.type;
    /* RFC 9059 5.7 */
    if ((type == TYPE_SINGLE_SIDED || type == TYPE_DOUBLE_SIDED) &&
        tell->setup_type != PCEP_PST_RSVP_TE)
        return admit_refuse(admission, PCEP_ERROR_BIDIRECTIONAL_PST_MISMATCH,
                            "a setup type that the association type is not for");
    if (other != NULL && tell->want.is_co_routed != other->want.is_co_routed)
        return admit_refuse(admission, PCEP_ERROR_BIDIRECTIONAL_CO_ROUTED_MISMATCH,
                            "co-routed, and the group is not; or the other way round");
    if (other == NULL || !admit_knows_ends(tell, other))
        return PCEP_ERROR_NONE;
    /* The reverse LSP of a single-sided one is reported by both of its ends (RFC 9059 5.5). */
    if (!admit_is_opposite(tell, other) && !admit_has_ends_of(tell, other))
        return admit_refuse(admission, PCEP_ERROR_BIDIRECTIONAL_END_POINTS_MISMATCH,
                            "its ends are not those of the group, in reverse");
    if (type == TYPE_SINGLE_SIDED && admit_is_opposite(tell, other) &&
        ip_is_equal(&tell->pcc, &other->pcc) && tell->want.is_reverse == other->want.is_reverse)
        return admit_refuse(admission, PCEP_ERROR_BIDIRECTIONAL_DIRECTION_MISMATCH,
                            "both LSPs are of the same direction");
    return PCEP_ERROR_NONE;
}

enum pcep_error_code group_admit(const struct group *group, const struct group_tell *tell,
                                 const char **why)
{
    struct admission admission = {.group = group, .tell = tell};
    enum pcep_error_code error = PCEP_ERROR_NONE;
    switch (tell->want.kind) {
    case GROUP_DISJOINT:
        error = admit_disjoint(&admission);
        break;
    case GROUP_PROTECTION:
        error = admit_protection(&admission);
        break;
    default:
        error = admit_bidirectional(&admission);
        break;
    }
    *why = admission.why;
    return error;
}
