#include "core/lsp/lsp_instance.h"

#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_octets.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define TLV_HEADER_SIZE 4
#define LSP_TLVS_OFFSET 8

static struct lsp_instance **instance_find_place(struct lsp *lsp, uint16_t lsp_id)
{
    struct lsp_instance **place = &lsp->instances;
    while (*place != NULL && (*place)->lsp_id != lsp_id)
        place = &(*place)->next;
    return place;
}

struct lsp_instance **lsp_instance_place(struct lsp *lsp, uint16_t lsp_id)
{
    struct lsp_instance **place = instance_find_place(lsp, lsp_id);
    return *place == NULL && lsp_id != 0 ? instance_find_place(lsp, 0) : place;
}

bool lsp_instance_fits(const struct lsp *lsp)
{
    unsigned count = 0;
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next)
        count++;
    return count < LSP_INSTANCES_MAX;
}

bool lsp_instance_is(const struct lsp_pcc *pcc, const struct lsp_instance *instance,
                     const struct lsp_report *report)
{
    const bool is_carrying = instance->summary.carried_at != 0;
    return (!is_carrying || instance->epoch == pcc->epoch) &&
           instance->summary.setup_type == report->state->setup_type &&
           lsp_octets_are(instance, report);
}

/* RFC 9604 5: bindings remain as long as nobody says that they go; a synchronisation says all anew. */
static const struct lsp_instance *instance_bound_before(const struct lsp_pcc *pcc,
                                                        const struct lsp *lsp)
{
    const struct lsp_instance *newest = lsp == NULL ? NULL : lsp->instances;
    return newest != NULL && newest->epoch == pcc->epoch ? newest : NULL;
}

struct lsp_instance *lsp_instance_make(struct lsp_db *db, struct lsp_pcc *pcc,
                                       const struct lsp *lsp, const struct lsp_report *report)
{
    struct lsp_summary places;
    struct lsp_binding_carry carry = {.former = instance_bound_before(pcc, lsp)};
    const size_t size = lsp_octets_write(report, &carry, db->scratch, &places);
    db->counters.lsp_limit_bindings += carry.is_cut;
    struct lsp_instance *instance = lsp_db_alloc(db, pcc, lsp_instance_size(size));
    if (instance == NULL)
        return NULL;
    *instance = (struct lsp_instance){
        .summary = lsp_octets_summary(report, &places),
        .size = (uint16_t)size,
    };
    memcpy(instance->octets, db->scratch, size);
    db->counters.lsp_instances++;
    return instance;
}

void lsp_instance_drop(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp_instance **place)
{
    struct lsp_instance *instance = *place;
    *place = instance->next;
    lsp_db_free(db, pcc, instance, lsp_instance_size(instance->size));
    db->counters.lsp_instances--;
}

bool lsp_instance_paths_equal(const struct lsp_instance *a, const struct lsp_instance *b)
{
    return a->summary.path_size == b->summary.path_size &&
           memcmp(a->octets + a->summary.path_at, b->octets + b->summary.path_at,
                  a->summary.path_size) == 0;
}

/* The codec has walked these octets when they came. */
const uint8_t *lsp_instance_tlv(const struct lsp_instance *instance, enum pcep_tlv_id id,
                                size_t size)
{
    const uint16_t type = pcep_tlv_get(id)->type;
    size_t end = field_load_u16(instance->octets + 2);
    for (size_t at = LSP_TLVS_OFFSET; at + TLV_HEADER_SIZE + size <= end;) {
        const uint8_t *tlv = instance->octets + at;
        size_t own = field_load_u16(tlv + 2);
        if (field_load_u16(tlv) == type && own == size)
            return tlv + TLV_HEADER_SIZE;
        at += TLV_HEADER_SIZE + (own + 3) / 4 * 4;
    }
    return NULL;
}
