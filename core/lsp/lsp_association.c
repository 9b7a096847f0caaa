#include "core/lsp/lsp_association.h"

#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/pcep/model.h"

#include <stdlib.h>

struct lsp_association_key {
    struct {
        struct ip source; /* octets alone: nothing in the struct is padding */
        uint8_t unused;
        uint16_t type;
        uint16_t id;
        uint16_t zero;
        uint32_t global_source;
    } fixed;
    struct wire_span extended;
};

bool lsp_association_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp_association *group =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_association, node);
    const struct lsp_association_key *wanted = key;
    return group->type == wanted->fixed.type && group->id == wanted->fixed.id &&
           group->global_source == wanted->fixed.global_source &&
           ip_is_equal(&group->source, &wanted->fixed.source) &&
           group->extended_size == wanted->extended.size &&
           (group->extended_size == 0 ||
            memcmp(group->extended, wanted->extended.octets, group->extended_size) == 0);
}

static struct lsp_association_key association_key_of(const struct pcep_object *object)
{
    const struct pcep_association *body = object->body;
    const struct pcep_global_source *global =
        pcep_find_tlv(object, PCEP_TLV_GLOBAL_ASSOCIATION_SOURCE);
    const struct pcep_tlv *extended = pcep_find_tlv_entry(object, PCEP_TLV_EXTENDED_ASSOCIATION_ID);
    struct lsp_association_key key;
    memset(&key, 0, sizeof key);
    key.fixed.source = body->source;
    key.fixed.type = body->type;
    key.fixed.id = body->id;
    key.fixed.global_source = global == NULL ? 0 : global->source;
    if (extended == NULL)
        extended = pcep_find_tlv_entry(object, PCEP_TLV_EXTENDED_ASSOCIATION_ID_OLD);
    if (extended != NULL)
        key.extended = (struct wire_span){extended->octets, extended->size};
    return key;
}

static uint64_t association_hash_of(const struct lsp_association_key *key)
{
    return map_hash_with(&key->fixed, sizeof key->fixed,
                         map_hash(key->extended.octets, key->extended.size));
}

static struct wire_span association_octets_of(const struct pcep_object *object)
{
    return (struct wire_span){object->octets - PCEP_OBJECT_HEADER_SIZE, object->size};
}

static bool association_is_removal(const struct pcep_object *object)
{
    return (((const struct pcep_association *)object->body)->flags & PCEP_ASSOCIATION_R) != 0;
}

static struct lsp_association *find_group(struct lsp_db *db, const struct lsp_association_key *key)
{
    struct map_node *node = map_find(&db->groups, association_hash_of(key), key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_association, node);
}

struct lsp_association *lsp_association_find(struct lsp_db *db, const struct pcep_object *object)
{
    const struct lsp_association_key key = association_key_of(object);
    return find_group(db, &key);
}

static size_t group_size(const struct lsp_association *group)
{
    return offsetof(struct lsp_association, extended) + group->extended_size;
}

static struct lsp_association *make_group(struct lsp_db *db, const struct lsp_association_key *key)
{
    size_t size = offsetof(struct lsp_association, extended) + key->extended.size;
    struct lsp_association *group = lsp_db_alloc(db, NULL, size);
    if (group == NULL)
        return NULL;
    *group = (struct lsp_association){
        .global_source = key->fixed.global_source,
        .type = key->fixed.type,
        .id = key->fixed.id,
        .source = key->fixed.source,
        .extended_size = (uint16_t)key->extended.size,
    };
    list_init(&group->members);
    if (key->extended.size > 0)
        memcpy(group->extended, key->extended.octets, key->extended.size);
    if (map_insert(&db->groups, &group->node, association_hash_of(key), key) != PCE_OK) {
        lsp_db_free(db, NULL, group, size);
        return NULL;
    }
    db->counters.lsp_groups++;
    return group;
}

/* A group that nobody is in any more. */
static void drop_group(struct lsp_db *db, struct lsp_association *group)
{
    if (group->member_count > 0)
        return;
    struct lsp_association_key key;
    memset(&key, 0, sizeof key);
    key.fixed.source = group->source;
    key.fixed.type = group->type;
    key.fixed.id = group->id;
    key.fixed.global_source = group->global_source;
    key.extended = (struct wire_span){group->extended, group->extended_size};
    CHECK(map_remove(&db->groups, association_hash_of(&key), &key) == &group->node);
    lsp_db_free(db, NULL, group, group_size(group));
    db->counters.lsp_groups--;
}

/* ---- memberships ---- */

static size_t membership_size(const struct lsp_membership *membership)
{
    return offsetof(struct lsp_membership, octets) + membership->size;
}

/* Takes the membership at this place of its LSP's list away. */
static void association_drop_member(struct lsp_db *db, struct lsp_membership **place)
{
    struct lsp_membership *membership = *place;
    *place = membership->next;
    list_remove(&membership->link);
    membership->group->member_count--;
    drop_group(db, membership->group);
    lsp_db_free(db, membership->lsp->pcc, membership, membership_size(membership));
}

static struct lsp_membership **association_find_place(struct lsp *lsp,
                                                      const struct lsp_association *group)
{
    struct lsp_membership **place = &lsp->memberships;
    while (*place != NULL && (*place)->group != group)
        place = &(*place)->next;
    return place;
}

static bool is_known(const struct lsp_membership *membership, struct wire_span octets)
{
    return membership->size == octets.size &&
           memcmp(membership->octets, octets.octets, octets.size) == 0;
}

static struct lsp_membership *find_known(const struct lsp *lsp, struct wire_span octets)
{
    struct lsp_membership *at = lsp->memberships;
    while (at != NULL && !is_known(at, octets))
        at = at->next;
    return at;
}

/* What stands in the group by now is let go when there is room for what replaces it. */
static bool has_room(struct lsp_db *db, const struct lsp_membership *old, struct lsp_need *need)
{
    need->freed = old == NULL ? 0 : membership_size(old);
    if (need->size <= need->freed)
        return true; /* a change that is no larger is none's burden */
    const enum lsp_limit limit = lsp_db_room(db, need);
    if (limit == LSP_LIMIT_COUNT)
        return true;
    lsp_db_hit(db, need->pcc, limit);
    return false;
}

static void add_membership(struct lsp *lsp, struct lsp_membership *membership,
                           struct wire_span octets)
{
    struct lsp_association *group = membership->group;
    memcpy(membership->octets, octets.octets, octets.size);
    list_push_back(&group->members, &membership->link);
    group->member_count++;
    membership->next = lsp->memberships;
    lsp->memberships = membership;
}

/* The LSP is in the group with these octets from now on. */
static enum pce_status put_membership(struct lsp_db *db, struct lsp *lsp,
                                      struct lsp_association *group, struct wire_span octets)
{
    struct lsp_membership *membership =
        lsp_db_alloc(db, lsp->pcc, offsetof(struct lsp_membership, octets) + octets.size);
    if (membership == NULL)
        return PCE_NO_MEMORY;
    *membership = (struct lsp_membership){.group = group,
                                          .lsp = lsp,
                                          .epoch = lsp->pcc->epoch,
                                          .size = (uint16_t)octets.size,
                                          .is_listed = true};
    struct lsp_membership **place = association_find_place(lsp, group);
    group->member_count++; /* it outlives what is replaced */
    if (*place != NULL)
        association_drop_member(db, place);
    group->member_count--;
    add_membership(lsp, membership, octets);
    return PCE_OK;
}

/* *is_changed: it was not in the group, or with other octets. Where a report lists a group twice
 * the first one counts. */
static enum pce_status join(struct lsp_db *db, struct lsp *lsp, const struct pcep_object *object,
                            bool *is_changed)
{
    const struct wire_span octets = association_octets_of(object);
    const struct lsp_association_key key = association_key_of(object);
    struct lsp_association *group = find_group(db, &key);
    struct lsp_membership *old = group == NULL ? NULL : *association_find_place(lsp, group);
    struct lsp_need need = {
        .pcc = lsp->pcc, .lsp = lsp, .size = offsetof(struct lsp_membership, octets) + octets.size};
    if (old != NULL && old->is_listed)
        return PCE_OK;
    if (group == NULL)
        need.size += offsetof(struct lsp_association, extended) + key.extended.size;
    if (!has_room(db, old, &need))
        return PCE_LIMIT;
    if (group == NULL)
        group = make_group(db, &key);
    if (group == NULL)
        return PCE_NO_MEMORY;
    const enum pce_status status = put_membership(db, lsp, group, octets);
    if (status != PCE_OK)
        drop_group(db, group);
    *is_changed |= status == PCE_OK;
    return status;
}

/* True: it was in the group. What the same report puts it into it does not leave. */
static bool association_take_removal(struct lsp_db *db, struct lsp *lsp,
                                     const struct pcep_object *object)
{
    const struct lsp_association_key key = association_key_of(object);
    const struct lsp_association *group = find_group(db, &key);
    if (group == NULL)
        return false;
    struct lsp_membership **place = association_find_place(lsp, group);
    if (*place == NULL || (*place)->is_listed)
        return false;
    association_drop_member(db, place);
    return true;
}

/* Whether the LSP is in the group, or the object says that it leaves it. */
static bool needs_no_place(struct lsp_db *db, const struct lsp *lsp,
                           const struct pcep_object *object)
{
    if (association_is_removal(object))
        return true;
    if (lsp == NULL)
        return false;
    const struct lsp_association_key key = association_key_of(object);
    const struct lsp_association *group = find_group(db, &key);
    const struct lsp_membership *at = lsp->memberships;
    while (at != NULL && at->group != group)
        at = at->next;
    return group != NULL && at != NULL;
}

bool lsp_associations_fit(struct lsp_db *db, const struct lsp *lsp, const struct lsp_report *report)
{
    const struct pcep_lsp_state *state = report->state;
    uint32_t count = 0;
    for (const struct lsp_membership *at = lsp == NULL ? NULL : lsp->memberships; at != NULL;
         at = at->next)
        count++;
    if (count + state->association_count <= LSP_ASSOCIATIONS_MAX)
        return true;
    for (uint32_t i = 0; i < state->association_count && count <= LSP_ASSOCIATIONS_MAX; i++)
        count += !needs_no_place(db, lsp, state->associations[i]);
    return count <= LSP_ASSOCIATIONS_MAX;
}

size_t lsp_associations_size(const struct lsp *lsp, const struct lsp_report *report)
{
    const struct pcep_lsp_state *state = report->state;
    size_t size = 0;
    for (uint32_t i = 0; i < state->association_count; i++) {
        const struct wire_span octets = association_octets_of(state->associations[i]);
        if (!association_is_removal(state->associations[i]) && find_known(lsp, octets) == NULL)
            size += offsetof(struct lsp_membership, octets) + sizeof(struct lsp_association) +
                    2 * octets.size; /* the widening TLVs are kept with the group too */
    }
    return size;
}

/* Those that the report puts the LSP into. */
static enum pce_status take_members(struct lsp_db *db, struct lsp *lsp,
                                    const struct lsp_report *report, bool *is_changed)
{
    const struct pcep_lsp_state *state = report->state;
    for (uint32_t i = 0; i < state->association_count; i++) {
        const struct pcep_object *object = state->associations[i];
        if (association_is_removal(object))
            continue;
        struct lsp_membership *known = find_known(lsp, association_octets_of(object));
        if (known != NULL) {
            known->epoch = lsp->pcc->epoch;
            known->is_listed = true;
            continue;
        }
        enum pce_status status = join(db, lsp, object, is_changed);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

enum pce_status lsp_associations_take(struct lsp_db *db, struct lsp *lsp,
                                      const struct lsp_report *report, bool *is_changed)
{
    const struct pcep_lsp_state *state = report->state;
    if (state->association_count == 0)
        return PCE_OK;
    for (struct lsp_membership *at = lsp->memberships; at != NULL; at = at->next)
        at->is_listed = false;
    enum pce_status status = take_members(db, lsp, report, is_changed);
    for (uint32_t i = 0; i < state->association_count && status == PCE_OK; i++) {
        if (association_is_removal(state->associations[i]))
            *is_changed |= association_take_removal(db, lsp, state->associations[i]);
    }
    return status;
}

bool lsp_associations_leave(struct lsp_db *db, struct lsp *lsp, uint32_t before)
{
    bool has_left = false;
    for (struct lsp_membership **place = &lsp->memberships; *place != NULL;) {
        if ((*place)->epoch < before) {
            association_drop_member(db, place);
            has_left = true;
        } else {
            place = &(*place)->next;
        }
    }
    return has_left;
}
