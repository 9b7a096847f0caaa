#include "core/lsp/lsp_pcc.h"

#include "core/base/check.h"

#include <stdlib.h>

static bool name_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp *lsp = CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp, by_name);
    const struct wire_span *name = key;
    return lsp->name_size == name->size && memcmp(lsp->name, name->octets, name->size) == 0;
}

static bool plsp_id_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp *lsp =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp, by_plsp_id);
    return lsp->plsp_id == *(const uint32_t *)key;
}

static uint64_t plsp_id_hash(uint32_t plsp_id)
{
    return map_hash_u32(plsp_id);
}

bool lsp_pcc_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp_pcc *pcc =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_pcc, by_address);
    return ip_is_equal(&pcc->address, key);
}

uint64_t lsp_pcc_hash(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

struct lsp_pcc *lsp_pcc_create(struct lsp_db *db, const struct ip *address)
{
    struct lsp_pcc *pcc = calloc(1, sizeof *pcc);
    if (pcc == NULL)
        return NULL;
    pcc->db = db;
    pcc->address = *address;
    /* The database holds the limits, which a reload may change. */
    map_init(&pcc->names, name_is_equal, SIZE_MAX);
    map_init(&pcc->plsp_ids, plsp_id_is_equal, SIZE_MAX);
    list_init(&pcc->link);
    list_init(&pcc->job);
    list_init(&pcc->gone);
    list_init(&pcc->pending);
    list_init(&pcc->lsps);
    return pcc;
}

void lsp_pcc_destroy(struct lsp_pcc *pcc)
{
    CHECK(pcc->count == 0);
    map_fini(&pcc->names);
    map_fini(&pcc->plsp_ids);
    free(pcc);
}

uint64_t lsp_pcc_name_hash(struct wire_span name)
{
    return map_hash(name.octets, name.size);
}

/* An order asks for its LSP by name at each step, and one LSP is worked on at a time. */
struct lsp *lsp_pcc_find_name(struct lsp_pcc *pcc, struct wire_span name)
{
    if (pcc->named != NULL && name_is_equal(&pcc->named->by_name, &name))
        return pcc->named;
    pcc->named = lsp_pcc_find_hashed(pcc, name, lsp_pcc_name_hash(name));
    return pcc->named;
}

struct lsp *lsp_pcc_find_hashed(struct lsp_pcc *pcc, struct wire_span name, uint64_t hash)
{
    struct map_node *node = map_find(&pcc->names, hash, &name);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp, by_name);
}

struct lsp *lsp_pcc_find_plsp_id(struct lsp_pcc *pcc, uint32_t plsp_id)
{
    struct map_node *node = map_find(&pcc->plsp_ids, plsp_id_hash(plsp_id), &plsp_id);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp, by_plsp_id);
}

enum pce_status lsp_pcc_add(struct lsp_pcc *pcc, struct lsp *lsp, uint64_t hash)
{
    enum pce_status status = map_add(&pcc->names, &lsp->by_name, hash);
    if (status != PCE_OK)
        return status;
    lsp->pcc = pcc;
    list_push_back(&pcc->lsps, &lsp->link);
    pcc->count++;
    return PCE_OK;
}

void lsp_pcc_unlink(struct lsp_pcc *pcc, struct lsp *lsp)
{
    if (pcc->job_at == &lsp->link)
        pcc->job_at = lsp->link.next;
    list_remove(&lsp->link);
}

void lsp_pcc_remove(struct lsp_pcc *pcc, struct lsp *lsp)
{
    struct wire_span name = lsp_name(lsp);
    lsp_pcc_unbind(pcc, lsp);
    if (pcc->named == lsp)
        pcc->named = NULL;
    CHECK(map_remove(&pcc->names, lsp->by_name.hash, &name) == &lsp->by_name);
    lsp_pcc_unlink(pcc, lsp);
    CHECK(pcc->count > 0);
    pcc->count--;
}

enum pce_status lsp_pcc_bind(struct lsp_pcc *pcc, struct lsp *lsp, uint32_t plsp_id)
{
    lsp_pcc_unbind(pcc, lsp);
    enum pce_status status = map_add(&pcc->plsp_ids, &lsp->by_plsp_id, plsp_id_hash(plsp_id));
    if (status != PCE_OK)
        return status;
    lsp->plsp_id = plsp_id;
    lsp->bound_in = pcc->number;
    return PCE_OK;
}

void lsp_pcc_unbind(struct lsp_pcc *pcc, struct lsp *lsp)
{
    if (lsp_is_bound(lsp))
        CHECK(map_remove(&pcc->plsp_ids, lsp->by_plsp_id.hash, &lsp->plsp_id) == &lsp->by_plsp_id);
    lsp->plsp_id = 0;
}

void lsp_pcc_unbind_all(struct lsp_pcc *pcc)
{
    map_clear(&pcc->plsp_ids);
    pcc->bound_since = pcc->number;
}
