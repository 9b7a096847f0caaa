#include "core/reopt/group.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <string.h>

/* IANA "ASSOCIATION Type Field" */
enum {
    TYPE_PROTECTION = 1,
    TYPE_DISJOINT = 2,
    TYPE_SINGLE_SIDED = 4,
    TYPE_DOUBLE_SIDED = 5,
    TYPE_BIDIRECTIONAL_SR = 8,
};
_Static_assert(TYPE_BIDIRECTIONAL_SR < GROUP_TYPES_MAX, "types that are computed are below");

/* RFC 8745 3.2 and RFC 9059 4.2 */
#define PROTECTION_P          UINT32_C(0x00000001)
#define PROTECTION_TYPE_SHIFT 26
#define BIDIRECTIONAL_R       UINT32_C(0x00000001)
#define BIDIRECTIONAL_C       UINT32_C(0x00000002)

const char *group_kind_text(enum group_kind kind)
{
    static const char *const texts[] = {
#define GROUP_KIND_TEXT(name, text) [GROUP_##name] = text,
        GROUP_KINDS(GROUP_KIND_TEXT)
#undef GROUP_KIND_TEXT
    };
    CHECK(kind < GROUP_KIND_COUNT);
    return texts[kind];
}

uint64_t group_hash(const struct group_key *key)
{
    return map_hash(key, sizeof *key);
}

bool group_keys_are_equal(const struct group_key *a, const struct group_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

uint32_t group_owner(const struct group_key *key, uint32_t shard_count)
{
    CHECK(shard_count > 0);
    return (uint32_t)((group_hash(key) >> 32) % shard_count);
}

static bool group_read_key(const struct lsp_association *group, struct group_key *key)
{
    memset(key, 0, sizeof *key);
    if (group->extended_size > GROUP_EXTENDED_MAX)
        return false;
    key->source = group->source;
    key->type = group->type;
    key->id = group->id;
    key->global_source = group->global_source;
    key->extended_size = group->extended_size;
    if (group->extended_size > 0)
        memcpy(key->extended, group->extended, group->extended_size);
    return true;
}

/* The ASSOCIATION as the codec reads it; NULL: no memory. */
static const struct pcep_object *group_object(const struct lsp_membership *membership,
                                              struct arena *arena, struct pcep_message *message)
{
    struct pcep_fault fault = {0};
    size_t size = PCEP_HEADER_SIZE + (size_t)membership->size;
    uint8_t *octets = size > PCEP_MESSAGE_SIZE_MAX ? NULL : arena_alloc(arena, size);
    if (octets == NULL)
        return NULL;
    struct wire_writer writer = wire_writer_init(octets, size);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, membership->octets, membership->size);
    pcep_message_close(&writer, at);
    if (pcep_decode((struct wire_span){octets, size}, arena, message, &fault) != PCE_OK ||
        message->object_count != 1)
        return NULL;
    return &message->objects[0];
}

static uint32_t group_flags(const struct pcep_object *object, enum pcep_tlv_id id)
{
    const struct pcep_flag_word *word = pcep_find_tlv(object, id);
    return word == NULL ? 0 : word->flags;
}

static void group_read_disjoint(const struct pcep_object *object, struct group_want *want)
{
    const struct pcep_of_list *list = pcep_find_tlv(object, PCEP_TLV_OF_LIST);
    want->kind = GROUP_DISJOINT;
    want->flags = group_flags(object, PCEP_TLV_DISJOINTNESS_CONFIGURATION) &
                  (GROUP_DIVERSE | GROUP_SHORTEST | GROUP_STRICT);
    /* RFC 8800 5.3: the first one counts; the grammar has seen that it is one of these. */
    if (list != NULL && list->count > 0)
        want->objective = (uint8_t)list->codes[0];
}

static void group_read_protection(const struct pcep_object *object, struct group_want *want)
{
    uint32_t flags = group_flags(object, PCEP_TLV_PATH_PROTECTION);
    want->kind = GROUP_PROTECTION;
    /* RFC 8745 5: that no one failure takes both. */
    want->flags = GROUP_DIVERSE;
    want->is_protection = (flags & PROTECTION_P) != 0;
    want->protection_type = (uint8_t)(flags >> PROTECTION_TYPE_SHIFT);
}

bool group_read(const struct lsp_membership *membership, struct arena *arena, struct group_key *key,
                struct group_want *want)
{
    struct pcep_message message;
    uint16_t type = membership->group->type;
    bool is_bidirectional =
        type == TYPE_SINGLE_SIDED || type == TYPE_DOUBLE_SIDED || type == TYPE_BIDIRECTIONAL_SR;
    *want = (struct group_want){0};
    if ((type != TYPE_PROTECTION && type != TYPE_DISJOINT && !is_bidirectional) ||
        !group_read_key(membership->group, key))
        return false;
    const struct pcep_object *object = group_object(membership, arena, &message);
    if (object == NULL)
        return false;
    if (type == TYPE_DISJOINT) {
        group_read_disjoint(object, want);
    } else if (type == TYPE_PROTECTION) {
        group_read_protection(object, want);
    } else {
        uint32_t flags = group_flags(object, PCEP_TLV_BIDIRECTIONAL_GROUP);
        want->kind = GROUP_BIDIRECTIONAL;
        want->is_reverse = (flags & BIDIRECTIONAL_R) != 0;
        want->is_co_routed = (flags & BIDIRECTIONAL_C) != 0;
        return true;
    }
    /* A group that asks for no diversity leaves its LSPs as they are. */
    return (want->flags & GROUP_DIVERSE) != 0;
}
