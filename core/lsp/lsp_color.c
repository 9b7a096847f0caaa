#include "core/lsp/lsp_color.h"

#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_instance.h"
#include "core/lsp/lsp_pcc.h"
#include "core/lsp/profile.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define PATH_PROTECTION 1 /* association type (RFC 8745 3.1) */
#define COLOR_SIZE      4

/* ---- what is reported ---- */

/* RFC 9862 4.1: the Extended Association ID begins with the colour. */
static bool color_of_policy(const struct lsp *lsp, uint32_t *color)
{
    for (const struct lsp_membership *at = lsp->memberships; at != NULL; at = at->next) {
        if (lsp_profile_association_bit(at->group->type) == 0 ||
            at->group->extended_size < COLOR_SIZE)
            continue;
        *color = field_load_u32(at->group->extended);
        return true;
    }
    return false;
}

/* RFC 9863 2 */
static bool color_of_octets(const struct lsp_instance *instance, uint32_t *color)
{
    const uint8_t *value = lsp_instance_tlv(instance, PCEP_TLV_COLOR, COLOR_SIZE);
    if (value != NULL)
        *color = field_load_u32(value);
    return value != NULL;
}

bool lsp_color_of_tlv(const struct lsp *lsp, uint32_t *color)
{
    uint32_t of_policy;
    return !color_of_policy(lsp, &of_policy) && color_of_octets(lsp_first_instance(lsp), color);
}

bool lsp_color_of(const struct lsp *lsp, uint32_t *color)
{
    return color_of_policy(lsp, color) || color_of_octets(lsp_first_instance(lsp), color);
}

/* ---- groups that protect ---- */

static bool color_is_policy(const struct pcep_lsp_state *state)
{
    for (uint32_t i = 0; i < state->association_count; i++) {
        const struct pcep_association *association = state->associations[i]->body;
        if (lsp_profile_association_bit(association->type) != 0)
            return true;
    }
    return false;
}

/* What is stale was of another session, and may have been given another colour since. */
static bool color_differs(const struct lsp_association *group, const struct lsp_pcc *pcc,
                          const struct lsp *own, uint32_t color)
{
    uint32_t looks = 0;
    LIST_FOR(link, &group->members)
    {
        const struct lsp *other = CONTAINER_OF(link, struct lsp_membership, link)->lsp;
        uint32_t of_other;
        if (looks++ >= LSP_COLOR_LOOKS_MAX)
            return false;
        if (other == own || other->pcc != pcc || lsp_is_stale(other))
            continue;
        if (lsp_color_of_tlv(other, &of_other))
            return of_other != color;
    }
    return false;
}

static bool color_differs_in_report(struct lsp_db *db, const struct lsp_pcc *pcc,
                                    const struct lsp *lsp, const struct lsp_report *report,
                                    uint32_t color)
{
    const struct pcep_lsp_state *state = report->state;
    for (uint32_t i = 0; i < state->association_count; i++) {
        const struct pcep_association *body = state->associations[i]->body;
        if (body->type != PATH_PROTECTION || (body->flags & PCEP_ASSOCIATION_R) != 0)
            continue;
        const struct lsp_association *group = lsp_association_find(db, state->associations[i]);
        if (group != NULL && color_differs(group, pcc, lsp, color))
            return true;
    }
    return false;
}

static bool color_is_named(struct lsp_db *db, const struct pcep_lsp_state *state,
                           const struct lsp_association *group)
{
    for (uint32_t i = 0; i < state->association_count; i++)
        if (lsp_association_find(db, state->associations[i]) == group)
            return true;
    return false;
}

/* A group that a report leaves out is not left (RFC 8697 6.3.1). */
static bool color_differs_in_others(struct lsp_db *db, const struct lsp_pcc *pcc,
                                    const struct lsp *lsp, const struct lsp_report *report,
                                    uint32_t color)
{
    const struct lsp_membership *at = lsp == NULL ? NULL : lsp->memberships;
    for (; at != NULL; at = at->next) {
        if (at->group->type == PATH_PROTECTION && !color_is_named(db, report->state, at->group) &&
            color_differs(at->group, pcc, lsp, color))
            return true;
    }
    return false;
}

bool lsp_color_fits(struct lsp_db *db, struct lsp_pcc *pcc, const struct lsp *lsp,
                    const struct lsp_report *report, struct pcep_fault *fault)
{
    const struct pcep_color *color =
        pcc->session.may_color ? pcep_find_tlv(report->lsp, PCEP_TLV_COLOR) : NULL;
    if (color == NULL || color_is_policy(report->state) ||
        (!color_differs_in_report(db, pcc, lsp, report, color->color) &&
         !color_differs_in_others(db, pcc, lsp, report, color->color)))
        return true;
    db->counters.lsp_colors_refused++;
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_INCONSISTENT_COLOR, report->lsp->offset,
                   "another colour than LSPs of the same path protection group");
    return false;
}
