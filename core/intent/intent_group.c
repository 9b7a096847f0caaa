#include "core/intent/intent_group.h"

#include "core/lsp/lsp_association.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <string.h>

#define DISJOINT 2 /* association type (RFC 8800 5.1) */

enum { FLAG_LINK = 0x1, FLAG_NODE = 0x2, FLAG_SRLG = 0x4, FLAG_STRICT = 0x10 };

/* ---- JSON ---- */

static const struct group_word {
    const char *word;
    uint8_t flags;
} group_words[] = {
    {"link", FLAG_LINK},
    {"node", FLAG_NODE},
    {"srlg", FLAG_SRLG},
    {"node-srlg", FLAG_NODE | FLAG_SRLG},
};
#define GROUP_WORDS (sizeof group_words / sizeof group_words[0])

static bool group_take_id(struct intent_reader *reader, const char *name, const json_t *value)
{
    uint32_t id;
    if (!intent_take_number(reader, name, value, UINT16_MAX, &id))
        return false;
    if (id == 0)
        return intent_refuse(reader, name, "must be a number from 1 to 65535");
    reader->intent->group.id = (uint16_t)id;
    return true;
}

static bool group_take_type(struct intent_reader *reader, const char *name, const json_t *value)
{
    const char *word = json_string_value(value);
    for (size_t i = 0; word != NULL && i < GROUP_WORDS; i++) {
        if (strcmp(word, group_words[i].word) != 0)
            continue;
        reader->intent->group.flags |= group_words[i].flags;
        return true;
    }
    return intent_refuse(reader, name, "must be one of link, node, srlg, node-srlg");
}

static bool group_take_relaxed(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_boolean(value))
        return intent_refuse(reader, name, "must be true or false");
    if (!json_is_true(value))
        reader->intent->group.flags |= FLAG_STRICT;
    return true;
}

static const struct intent_member group_members[] = {
    {"group", group_take_id, true},
    {"type", group_take_type, true},
    {"relaxed", group_take_relaxed, true},
    {NULL, NULL, false},
};

bool intent_take_group(struct intent_reader *reader, const char *name, const json_t *value)
{
    size_t outer = strlen(reader->place);
    (void)snprintf(reader->place + outer, sizeof reader->place - outer, "%s.", name);
    bool is_good = intent_read_object(reader, value, group_members);
    reader->place[outer] = '\0';
    return is_good;
}

json_t *intent_write_group(const struct intent_group *group)
{
    const char *word = "";
    for (size_t i = 0; i < GROUP_WORDS; i++)
        if ((group->flags & ~FLAG_STRICT) == group_words[i].flags)
            word = group_words[i].word;
    return json_pack("{s:i,s:s,s:b}", "group", (int)group->id, "type", word, "relaxed",
                     (group->flags & FLAG_STRICT) == 0);
}

/* ---- the association ---- */

/* RFC 8697 3.4: an Open without an ASSOC-Type-List says nothing about what its peer knows. */
const char *intent_group_refusal(const struct intent_group *group, const struct ip *source,
                                 const struct lsp_ability *ability)
{
    bool says_no = (ability->associations & (LSP_SAID_ASSOCIATIONS | LSP_SAID_DISJOINT)) ==
                   LSP_SAID_ASSOCIATIONS;
    if (group->id == 0)
        return NULL;
    if (source->family == IP_NONE)
        return "a disjoint group needs lsp.originator-address: the same for all routers";
    if (ability->profile->id == LSP_PROFILE_FRR)
        return "this kind of peer has no groups";
    return says_no ? "the peer cannot be told a disjoint group: its Open does not list it" : NULL;
}

void intent_group_put(const struct intent_group *group, const struct ip *source,
                      struct wire_writer *writer)
{
    const struct pcep_association body = {.type = DISJOINT, .id = group->id, .source = *source};
    const struct pcep_disjointness configuration = {.flags = group->flags};
    if (group->id == 0)
        return;
    size_t object = pcep_object_open(
        writer, source->family == IP_V6 ? PCEP_OBJECT_ASSOCIATION_V6 : PCEP_OBJECT_ASSOCIATION_V4,
        0, &body);
    pcep_tlv_put(writer, PCEP_TLV_DISJOINTNESS_CONFIGURATION, &configuration);
    pcep_object_close(writer, object);
}

bool intent_group_is_other(const struct intent_group *group, const struct lsp *reported)
{
    bool is_in_any = false;
    if (group->id == 0)
        return false; /* whoever has put it into one has to say why */
    for (const struct lsp_membership *at = reported->memberships; at != NULL; at = at->next) {
        if (at->group->type != DISJOINT)
            continue;
        if (at->group->id == group->id)
            return false;
        is_in_any = true;
    }
    return is_in_any;
}
