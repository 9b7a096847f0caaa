/* What is told, by whom, and in which order. */
#include "tests/model/rib/world.h"

#include <string.h>

static void point(struct object *object)
{
    object->said_node.srgbs = &object->srgb;
    object->said_node.text = object->text;
    object->said_node.algorithms = &object->algorithm;
    object->said_prefix.sids = &object->sid;
    object->said_link.srlgs = &object->srlg;
    object->said_link.adj_sids = object->adj_sids;
}

static void lie(struct object *object)
{
    object->said_link.igp_metric += 1000;
    object->said_link.te_metric += 1000;
    object->said_link.admin_group ^= 0xf00;
    object->said_link.capacity += 1;
    object->said_node.msd++;
    object->said_node.flags ^= RIB_NODE_OVERLOADED;
}

void tell_put(struct rib *rib, const uint32_t *sources, const struct world *w,
              const struct telling *telling)
{
    struct object object = w->objects[telling->object];
    uint32_t key = telling->object + (telling->is_ghost ? OBJECTS_MAX : 0);
    struct rib_put put = {.source = sources[telling->source],
                          .key = {(const uint8_t *)&key, sizeof key},
                          .node = object.node};
    enum pce_status status = PCE_OK;
    point(&object);
    if (telling->is_lie)
        lie(&object);
    object.said_link.present &= ~telling->hidden;
    if (telling->is_ghost) {
        object.said_link.present =
            RIB_LINK_IGP_METRIC | RIB_LINK_LOCAL_V4 | RIB_LINK_REMOTE_V4 | RIB_LINK_LOCAL_ID;
        object.said_link.local_v4 = v4(0xcb000000 + telling->object);
        object.said_link.remote_v4 = v4(0xcb800000 + telling->object);
        object.said_link.local_id = 7000000 + telling->object;
    }
    switch (object.kind) {
    case RIB_KIND_NODE:
        status = rib_put_node(rib, &put, &object.said_node);
        break;
    case RIB_KIND_LINK:
        status = rib_put_link(rib, &put, &object.remote, &object.said_link);
        break;
    case RIB_KIND_SRV6_SID:
        status = rib_put_srv6_sid(rib, &put, &object.said_sid);
        break;
    default:
        status = rib_put_prefix(rib, &put, &object.prefix, 32, &object.said_prefix);
        break;
    }
    WANT(status == PCE_OK);
    if (telling->is_to_go)
        WANT(rib_remove(rib, put.source, object.kind, &put.key) == PCE_OK);
}

uint32_t tell_authority(const struct world *w, uint32_t group)
{
    uint32_t best = TED_NONE;
    for (uint32_t s = 0; s < w->source_count; s++)
        if ((w->tellers[group] >> s & 1) != 0 && (best == TED_NONE || w->ranks[s] < w->ranks[best]))
            best = s;
    return best;
}

void tell_choose(struct world *w)
{
    w->source_count = 1 + (uint32_t)below(w, SOURCES_MAX);
    for (uint32_t s = 0; s < w->source_count; s++)
        w->ranks[s] = 10 * (uint32_t)below(w, 100) + s;
    for (uint32_t g = 0; g <= NODES_MAX * DOMAINS; g++)
        w->tellers[g] = (uint8_t)(1 + below(w, (UINT64_C(1) << w->source_count) - 1));
}

/* What may be left to others: all of them say it as it is. */
#define HIDEABLE                                                                                   \
    (RIB_LINK_TE_METRIC | RIB_LINK_DELAY | RIB_LINK_ADMIN_GROUP | RIB_LINK_CAPACITY |              \
     RIB_LINK_SRLGS | RIB_LINK_ADJ_SIDS)

bool tell_has_name(const struct object *object)
{
    return object->kind == RIB_KIND_LINK &&
           (object->said_link.present &
            (RIB_LINK_LOCAL_V4 | RIB_LINK_LOCAL_V6 | RIB_LINK_LOCAL_ID)) != 0;
}

static uint32_t tell_object(struct world *w, uint32_t o, struct telling *tellings)
{
    uint32_t group = w->objects[o].teller_group, best = tell_authority(w, group), count = 0;
    bool has_others = (w->tellers[group] & (w->tellers[group] - 1)) != 0;
    /* A link is told from its parallels by what names it; of a split one either half may be told
     * alone by the others, and says nothing of what it hides. */
    uint32_t hidden = has_others && chance(w, 30) ? HIDEABLE & (uint32_t)below(w, UINT32_MAX) : 0;
    for (uint32_t s = 0; s < w->source_count; s++) {
        if ((w->tellers[group] >> s & 1) == 0)
            continue;
        bool is_best = s == best;
        if (!is_best && hidden == 0 && w->objects[o].kind != RIB_KIND_NODE && chance(w, 40))
            continue;
        if (is_best && chance(w, 10))
            tellings[count++] = (struct telling){.object = o, .source = s, .is_lie = true};
        tellings[count++] = (struct telling){.object = o,
                                             .source = s,
                                             .is_lie = !is_best && hidden == 0 && chance(w, 50),
                                             .hidden = is_best ? hidden : 0};
        if (!is_best && tell_has_name(&w->objects[o]) && chance(w, 20))
            tellings[count++] = (struct telling){.object = o, .source = s, .is_ghost = true};
        if (chance(w, 5) && tell_has_name(&w->objects[o]))
            tellings[count++] =
                (struct telling){.object = o, .source = s, .is_ghost = true, .is_to_go = true};
    }
    return count;
}

/* Any order, but that what is put right comes after what was wrong. */
static void shuffle(struct world *w, struct telling *tellings, uint32_t count)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)below(w, i);
        struct telling swapped = tellings[i - 1];
        tellings[i - 1] = tellings[j];
        tellings[j] = swapped;
    }
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = i + 1; j < count; j++)
            if (tellings[i].object == tellings[j].object &&
                tellings[i].source == tellings[j].source && !tellings[i].is_ghost &&
                !tellings[j].is_ghost && !tellings[i].is_lie && tellings[j].is_lie) {
                struct telling swapped = tellings[i];
                tellings[i] = tellings[j];
                tellings[j] = swapped;
            }
}

static void tell_complement(struct world *w, struct rib *rib)
{
    const struct rib_source_spec spec = {.name = "file", .rank = 1, .is_complement = true};
    uint32_t source;
    WANT(rib_add_source(rib, &spec, &source) == PCE_OK);
    for (uint32_t i = 0; i < w->node_count; i++) {
        const struct fact_node *fact = &w->nodes[i];
        struct rib_put put = {.source = source, .node = rib_name_of_address(&fact->router_id)};
        struct rib_node node = {.present =
                                    RIB_NODE_ROUTER_ID_V4 | RIB_NODE_LATITUDE | RIB_NODE_LONGITUDE,
                                .router_id_v4 = fact->router_id,
                                .latitude = i,
                                .longitude = 2 * (double)i,
                                .text = fact->file_text,
                                .text_count = (uint32_t)strlen(fact->file_text)};
        put.key = (struct rib_key){put.node.octets, put.node.size};
        if (fact->has_file_text)
            node.present |= RIB_NODE_TEXT;
        else
            node.text_count = 0;
        WANT(rib_put_node(rib, &put, &node) == PCE_OK);
    }
}

/* A source that comes, tells what is not so, and goes. */
static void tell_noise(struct world *w, struct rib *rib)
{
    const struct rib_source_spec spec = {.name = "noise", .rank = (uint32_t)below(w, 1000)};
    uint32_t source;
    WANT(rib_add_source(rib, &spec, &source) == PCE_OK);
    for (uint32_t o = 0; o < w->object_count; o++)
        if (chance(w, 50))
            tell_put(rib, &source, w, &(struct telling){.object = o, .is_lie = true});
    if (chance(w, 50))
        rib_source_went(rib, source);
    rib_remove_source(rib, source);
}

void tell_all(struct world *w, struct rib *rib)
{
    static struct telling tellings[4 * SOURCES_MAX * OBJECTS_MAX];
    uint32_t sources[SOURCES_MAX], count = 0;
    for (uint32_t s = 0; s < w->source_count; s++) {
        char name[16];
        snprintf(name, sizeof name, "peer%u", s);
        const struct rib_source_spec spec = {.name = name, .rank = w->ranks[s]};
        WANT(rib_add_source(rib, &spec, &sources[s]) == PCE_OK);
    }
    for (uint32_t o = 0; o < w->object_count; o++)
        count += tell_object(w, o, tellings + count);
    shuffle(w, tellings, count);
    if (chance(w, 30))
        tell_noise(w, rib);
    for (uint32_t i = 0; i < count; i++)
        tell_put(rib, sources, w, &tellings[i]);
    if (w->has_complement)
        tell_complement(w, rib);
    if (!chance(w, 20))
        return;
    /* One goes and comes back: all of it is told again but for what was never so. */
    uint32_t again = (uint32_t)below(w, w->source_count);
    rib_source_went(rib, sources[again]);
    for (uint32_t i = 0; i < count; i++)
        if (tellings[i].source == again && !(tellings[i].is_ghost && chance(w, 50)))
            tell_put(rib, sources, w, &tellings[i]);
    rib_source_is_complete(rib, sources[again]);
}
