/* The RIB against networks that are known whole: each is torn into what routers of two routing
 * domains tell, told by several sources in any order, with lies of those that are not believed,
 * repetitions, withdrawals, restarts and noise; the merged network must be the whole one.
 *
 * PCED_RIB_MODEL_CASES: how many networks. */
#include "core/ted/builder.h"
#include "core/ted/patch.h"
#include "core/ted/rib.h"
#include "tests/lib/network_text.h"
#include "tests/lib/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES_DEFAULT 26000
#define NODES_MAX     8
#define LINKS_MAX     160
#define OBJECTS_MAX   400
#define SOURCES_MAX   4

#define WANT(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* ---- memory that is refused: of one network in MEMORY_EVERY each allocation once ---- */

#define MEMORY_EVERY 500

static uint64_t refuse_at; /* the allocation that fails, counted down; 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool is_refused(void)
{
    return refuse_at > 0 && --refuse_at == 0;
}

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return is_refused() ? NULL : __real_realloc(old, size);
}

enum { ISIS, OSPF, DOMAINS };

struct fact_node {
    struct ip router_id;
    bool is_in[DOMAINS];
    bool has_text, has_file_text;
    char text[16], file_text[16];
    uint32_t sid_index;
    struct ip extra; /* a second address, as a prefix that only this node has */
    struct ted_srgb srgb;
    uint8_t msd;
    bool is_overloaded[DOMAINS];
};

struct fact_link {
    uint32_t from, to;
    int domain;
    bool is_split; /* its families are told apart */
    int lan;       /* told by way of the LAN; -1 */
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t local_id, remote_id;
    uint32_t igp_metric, te_metric, delay_us, admin_group;
    float capacity;
    uint32_t srlg;  /* 0: none */
    uint32_t label; /* 0: none */
};

/* Something that is told. */
struct object {
    enum rib_kind kind;
    uint32_t teller_group; /* whose authority: node * DOMAINS + domain; the LAN has one more */
    struct rib_name node, remote;
    struct rib_node said_node;
    struct rib_link said_link;
    struct rib_prefix said_prefix;
    struct rib_prefix_sid sid;
    struct ted_srgb srgb;
    struct ip prefix;
    struct rib_adj_sid adj_sids[NODES_MAX];
    uint32_t srlg;
    char text[16];
};

struct world {
    struct random random;
    uint32_t node_count, link_count, object_count, source_count;
    struct fact_node nodes[NODES_MAX];
    struct fact_link links[LINKS_MAX];
    struct object objects[OBJECTS_MAX];
    uint32_t ranks[SOURCES_MAX];
    uint8_t tellers[NODES_MAX * DOMAINS + 1]; /* bits of sources */
    uint32_t next_address;
    bool has_lan;
    uint32_t lan_nodes[3];
    bool has_complement;
};

static uint64_t below(struct world *w, uint64_t bound)
{
    WANT(bound > 0);
    return test_random_below(&w->random, bound);
}

static bool chance(struct world *w, unsigned percent)
{
    return below(w, 100) < percent;
}

static struct ip v4(uint32_t host)
{
    return ip_from_u32(host);
}

static struct ip v6(uint32_t n)
{
    uint8_t octets[16] = {0x20, 0x01, 0x0d, 0xb8};
    octets[14] = (uint8_t)(n >> 8);
    octets[15] = (uint8_t)n;
    return ip_from_v6(octets);
}

static struct rib_name name_of(const struct world *w, uint32_t node, int domain)
{
    uint8_t system_id[6] = {0, 0, 0, 0, 0, (uint8_t)(node + 1)};
    struct rib_igp_name name = {.speaker = domain == ISIS ? RIB_SPEAKER_ISIS : RIB_SPEAKER_OSPF,
                                .asn = 65000,
                                .router_id =
                                    domain == ISIS ? system_id : w->nodes[node].router_id.octets,
                                .router_id_size = domain == ISIS ? 6 : 4};
    return rib_name_of_igp(&name);
}

static struct rib_name lan_name(void)
{
    const uint8_t id[7] = {0, 0, 0, 0, 0, 1, 9};
    struct rib_igp_name name = {
        .speaker = RIB_SPEAKER_ISIS, .asn = 65000, .router_id = id, .router_id_size = 7};
    return rib_name_of_igp(&name);
}

/* ---- a network ---- */

static void make_nodes(struct world *w)
{
    w->node_count = 2 + (uint32_t)below(w, NODES_MAX - 1);
    for (uint32_t i = 0; i < w->node_count; i++) {
        struct fact_node *node = &w->nodes[i];
        *node = (struct fact_node){.router_id = v4(0x0a000001 + i)};
        node->is_in[ISIS] = chance(w, 75);
        node->is_in[OSPF] = !node->is_in[ISIS] || chance(w, 30);
        node->has_text = chance(w, 70);
        node->has_file_text = w->has_complement && chance(w, 50);
        snprintf(node->text, sizeof node->text, "r%u", i);
        snprintf(node->file_text, sizeof node->file_text, "city-%u", i);
        node->sid_index = i + 1;
        node->srgb = (struct ted_srgb){16000, 1000};
        node->msd = chance(w, 50) ? (uint8_t)below(w, 12) : 0;
        for (int domain = 0; domain < DOMAINS; domain++)
            node->is_overloaded[domain] = node->is_in[domain] && chance(w, 15);
        if (chance(w, 30))
            node->extra = v4(0x0a010001 + i);
    }
}

static int common_domain(struct world *w, uint32_t a, uint32_t b)
{
    int first = (int)below(w, DOMAINS);
    for (int i = 0; i < DOMAINS; i++) {
        int domain = (first + i) % DOMAINS;
        if (w->nodes[a].is_in[domain] && w->nodes[b].is_in[domain])
            return domain;
    }
    return -1;
}

static void set_numbers(struct world *w, struct fact_link *link)
{
    link->igp_metric = 1 + (uint32_t)below(w, 100);
    link->te_metric = 1 + (uint32_t)below(w, 100);
    link->delay_us = (uint32_t)below(w, 5000);
    link->admin_group = (uint32_t)below(w, 256);
    link->capacity = (float)(1000 * below(w, 100));
    link->srlg = chance(w, 30) ? 1 + (uint32_t)below(w, 5) : 0;
    link->label = chance(w, 60) ? 24000 + w->link_count : 0;
}

static struct fact_link reversed(const struct fact_link *link)
{
    struct fact_link back = *link;
    back.from = link->to;
    back.to = link->from;
    back.local_v4 = link->remote_v4;
    back.remote_v4 = link->local_v4;
    back.local_v6 = link->remote_v6;
    back.remote_v6 = link->local_v6;
    back.local_id = link->remote_id;
    back.remote_id = link->local_id;
    return back;
}

static bool is_linked(const struct world *w, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < w->link_count; i++)
        if ((w->links[i].from == a && w->links[i].to == b) ||
            (w->links[i].from == b && w->links[i].to == a))
            return true;
    return false;
}

static void add_link(struct world *w, struct fact_link link)
{
    set_numbers(w, &link);
    w->links[w->link_count++] = link;
}

/* Links without anything that tells them from others stand alone between their nodes. */
static void make_link(struct world *w)
{
    uint32_t a = (uint32_t)below(w, w->node_count), b = (uint32_t)below(w, w->node_count);
    int domain = common_domain(w, a, b);
    if (a == b || domain < 0 || w->link_count + 2 > LINKS_MAX / 2)
        return;
    struct fact_link link = {.from = a, .to = b, .domain = domain, .lan = -1};
    unsigned style = (unsigned)below(w, 5);
    uint32_t n = w->next_address++;
    if (style == 4 && is_linked(w, a, b))
        style = 0;
    if (style == 0 || style == 2) {
        link.local_v4 = v4(0xc0000000 + 2 * n);
        link.remote_v4 = v4(0xc0000001 + 2 * n);
    }
    if (style == 1 || style == 2) {
        link.local_v6 = v6(2 * n);
        link.remote_v6 = v6(2 * n + 1);
    }
    if (style == 3 || (style < 2 && chance(w, 30))) {
        link.local_id = 1000 + 2 * n;
        link.remote_id = 1001 + 2 * n;
    }
    link.is_split = style == 2 && chance(w, 50);
    add_link(w, link);
    if (!chance(w, 8))
        add_link(w, reversed(&link));
}

static bool is_between(const struct fact_link *link, uint32_t a, uint32_t b)
{
    return (link->from == a && link->to == b) || (link->from == b && link->to == a);
}

/* Whether a new link would be one that routers cannot tell from others: beside one that nothing
 * names, or of one family beside one whose families are told apart. */
static bool is_ambiguous(const struct world *w, uint32_t count, uint32_t added)
{
    const struct fact_link *link = &w->links[added];
    bool has_one = link->local_v4.family == IP_NONE || link->local_v6.family == IP_NONE;
    for (uint32_t i = 0; i < count; i++) {
        const struct fact_link *other = &w->links[i];
        bool other_has_one = other->local_v4.family == IP_NONE || other->local_v6.family == IP_NONE;
        if (!is_between(other, link->from, link->to))
            continue;
        if ((link->is_split && other_has_one) || (other->is_split && has_one))
            return true;
        if (other->local_v4.family == IP_NONE && other->local_v6.family == IP_NONE &&
            other->local_id == 0)
            return true;
    }
    return false;
}

static void make_links(struct world *w)
{
    for (unsigned i = (unsigned)below(w, 20); i > 0; i--) {
        uint32_t before = w->link_count;
        make_link(w);
        if (w->link_count == before)
            continue;
        if (is_ambiguous(w, before, before))
            w->link_count = before;
    }
}

static void make_lan(struct world *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->node_count && count < 3; i++)
        if (w->nodes[i].is_in[ISIS])
            w->lan_nodes[count++] = i;
    w->has_lan = count == 3 && chance(w, 30);
    for (uint32_t i = 0; i < w->link_count; i++)
        w->has_lan = w->has_lan && !w->links[i].is_split;
    for (uint32_t i = 0; w->has_lan && i < 3; i++) {
        uint32_t first = w->link_count;
        for (uint32_t j = 0; j < 3; j++) {
            if (i == j)
                continue;
            struct fact_link link = {.from = w->lan_nodes[i],
                                     .to = w->lan_nodes[j],
                                     .domain = ISIS,
                                     .lan = (int)i,
                                     .local_v4 = v4(0xc6336401 + i),
                                     .remote_v4 = v4(0xc6336401 + j)};
            set_numbers(w, &link);
            if (w->link_count > first) {
                uint32_t label = link.label;
                link = w->links[first];
                link.to = w->lan_nodes[j];
                link.remote_v4 = v4(0xc6336401 + j);
                link.label = label;
            }
            w->links[w->link_count++] = link;
        }
    }
}

/* ---- the network as a builder has it ---- */

static const char *known_as(const struct world *w, uint32_t node, char text[RIB_NAME_TEXT_SIZE])
{
    const struct fact_node *fact = &w->nodes[node];
    struct rib_name name = name_of(w, node, fact->is_in[ISIS] ? ISIS : OSPF);
    /* What a file calls it comes before what its domain calls it. */
    struct rib_name of_file = rib_name_of_address(&fact->router_id);
    if (fact->has_file_text)
        return fact->file_text;
    if (fact->has_text)
        return fact->text;
    return rib_name_format(w->has_complement ? &of_file : &name, text);
}

static void build_node(const struct world *w, struct ted_builder *builder, uint32_t i)
{
    const struct fact_node *fact = &w->nodes[i];
    const struct ted_prefix_sid sid = {.family = IP_V4, .index = fact->sid_index};
    struct ted_fault fault;
    char text[RIB_NAME_TEXT_SIZE];
    uint32_t index;
    struct ted_node_spec spec = {
        .name = known_as(w, i, text),
        .router_id_v4 = fact->router_id,
        .addresses = &fact->extra,
        .address_count = fact->extra.family != IP_NONE,
        .srgbs = &fact->srgb,
        .srgb_count = 1,
        .prefix_sids = &sid,
        .prefix_sid_count = 1,
        .msd = fact->msd,
        .is_overloaded = fact->is_overloaded[ISIS] || fact->is_overloaded[OSPF],
        .has_position = w->has_complement,
        .latitude = i,
        .longitude = 2 * (double)i,
    };
    WANT(ted_builder_add_node(builder, &spec, &index, &fault) == PCE_OK);
}

static void build_link(struct ted_builder *builder, const struct fact_link *fact)
{
    const struct ted_adj_sid sid = {.label = fact->label};
    struct ted_fault fault;
    uint32_t index;
    struct ted_link_spec spec = {
        .flex_source = TED_FLEX_NONE, /* nobody tells any in this model */
        .from = fact->from,
        .to = fact->to,
        .igp_metric = fact->igp_metric,
        .te_metric = fact->te_metric,
        .delay_us = fact->delay_us,
        .admin_group = fact->admin_group,
        .capacity = fact->capacity,
        .max_reservable = fact->capacity,
        .srlgs = &fact->srlg,
        .srlg_count = fact->srlg != 0,
        .adj_sids = &sid,
        .adj_sid_count = fact->label != 0,
        .local_v4 = fact->local_v4,
        .remote_v4 = fact->remote_v4,
        .local_v6 = fact->local_v6,
        .remote_v6 = fact->remote_v6,
        .local_id = fact->local_id,
        .remote_id = fact->remote_id,
    };
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        spec.unreserved[i] = fact->capacity;
    WANT(ted_builder_add_link(builder, &spec, &index, &fault) == PCE_OK);
}

static struct ted_snapshot *build_whole(const struct world *w)
{
    struct ted_builder *builder = ted_builder_create("model");
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    for (uint32_t i = 0; i < w->node_count; i++)
        build_node(w, builder, i);
    for (uint32_t i = 0; i < w->link_count; i++)
        build_link(builder, &w->links[i]);
    WANT(ted_builder_snapshot(builder, &snapshot, &fault) == PCE_OK);
    ted_builder_destroy(builder);
    return snapshot;
}

/* ---- the network as it is told ---- */

static struct object *new_object(struct world *w, enum rib_kind kind, uint32_t group)
{
    WANT(w->object_count < OBJECTS_MAX);
    struct object *object = &w->objects[w->object_count++];
    memset(object, 0, sizeof *object);
    object->kind = kind;
    object->teller_group = group;
    return object;
}

static void tear_node(struct world *w, uint32_t i, int domain)
{
    const struct fact_node *fact = &w->nodes[i];
    uint32_t group = i * DOMAINS + (uint32_t)domain;
    struct object *node = new_object(w, RIB_KIND_NODE, group);
    node->node = name_of(w, i, domain);
    node->srgb = fact->srgb;
    node->said_node =
        (struct rib_node){.present = RIB_NODE_SRGBS | RIB_NODE_FLAGS,
                          .router_id_v4 = fact->router_id,
                          .flags = fact->is_overloaded[domain] ? RIB_NODE_OVERLOADED : 0,
                          .msd = fact->msd,
                          .srgb_count = 1,
                          .text_count = (uint32_t)strlen(fact->text)};
    memcpy(node->text, fact->text, sizeof node->text);
    /* A router of OSPF alone may leave it to its router id. */
    if (fact->is_in[ISIS] || w->has_complement || chance(w, 50))
        node->said_node.present |= RIB_NODE_ROUTER_ID_V4;
    if (fact->has_text)
        node->said_node.present |= RIB_NODE_TEXT;
    if (fact->msd != 0)
        node->said_node.present |= RIB_NODE_MSD;
    struct object *prefix = new_object(w, RIB_KIND_PREFIX, group);
    prefix->node = node->node;
    prefix->prefix = fact->router_id;
    prefix->said_prefix = (struct rib_prefix){.present = RIB_PREFIX_SIDS, .sid_count = 1};
    prefix->sid = (struct rib_prefix_sid){.value = fact->sid_index, .is_node = 1};
    if (chance(w, 30)) {
        prefix->sid.is_label = 1;
        prefix->sid.value = fact->srgb.base + fact->sid_index;
    }
    if (fact->extra.family == IP_NONE)
        return;
    struct object *extra = new_object(w, RIB_KIND_PREFIX, group);
    extra->node = node->node;
    extra->prefix = fact->extra;
}

static void say_numbers(struct object *object, const struct fact_link *fact)
{
    struct rib_link *said = &object->said_link;
    said->present |= RIB_LINK_IGP_METRIC | RIB_LINK_TE_METRIC | RIB_LINK_DELAY |
                     RIB_LINK_ADMIN_GROUP | RIB_LINK_CAPACITY;
    said->igp_metric = fact->igp_metric;
    said->te_metric = fact->te_metric;
    said->delay_us = fact->delay_us;
    said->admin_group = fact->admin_group;
    said->capacity = fact->capacity;
    object->srlg = fact->srlg;
    said->srlg_count = 1;
    if (fact->srlg != 0)
        said->present |= RIB_LINK_SRLGS;
}

static void say_v4(struct object *object, const struct fact_link *fact)
{
    object->said_link.local_v4 = fact->local_v4;
    object->said_link.remote_v4 = fact->remote_v4;
    if (fact->local_v4.family != IP_NONE)
        object->said_link.present |= RIB_LINK_LOCAL_V4 | RIB_LINK_REMOTE_V4;
}

static void say_v6(struct object *object, const struct fact_link *fact)
{
    object->said_link.local_v6 = fact->local_v6;
    object->said_link.remote_v6 = fact->remote_v6;
    if (fact->local_v6.family != IP_NONE)
        object->said_link.present |= RIB_LINK_LOCAL_V6 | RIB_LINK_REMOTE_V6;
}

static void say_label(struct object *object, uint32_t label, const struct rib_name *neighbor)
{
    struct rib_link *said = &object->said_link;
    if (label == 0)
        return;
    said->present |= RIB_LINK_ADJ_SIDS;
    object->adj_sids[said->adj_sid_count].value = label;
    if (neighbor != NULL)
        object->adj_sids[said->adj_sid_count].neighbor = *neighbor;
    said->adj_sid_count++;
}

static struct object *new_link(struct world *w, const struct fact_link *fact)
{
    uint32_t group = fact->from * DOMAINS + (uint32_t)fact->domain;
    struct object *object = new_object(w, RIB_KIND_LINK, group);
    object->node = name_of(w, fact->from, fact->domain);
    object->remote = name_of(w, fact->to, fact->domain);
    return object;
}

/* The far end's address is the other direction's to tell, where there is one link of both. */
static bool may_leave_remote(const struct world *w, const struct fact_link *fact)
{
    uint32_t same = 0, back = 0, mirrored = 0;
    for (uint32_t i = 0; i < w->link_count; i++) {
        const struct fact_link *other = &w->links[i];
        bool is_back = other->from == fact->to && other->to == fact->from;
        same += other->from == fact->from && other->to == fact->to;
        back += is_back;
        mirrored += is_back && ip_is_equal(&other->local_v4, &fact->remote_v4) &&
                    ip_is_equal(&other->local_v6, &fact->remote_v6) &&
                    other->local_id == fact->remote_id;
    }
    return same == 1 && back == 1 && mirrored == 1;
}

static void tear_link(struct world *w, const struct fact_link *fact)
{
    if (fact->lan >= 0)
        return;
    struct object *object = new_link(w, fact);
    say_numbers(object, fact);
    say_v4(object, fact);
    say_label(object, fact->label, NULL);
    if (fact->local_id != 0) {
        object->said_link.present |= RIB_LINK_LOCAL_ID | RIB_LINK_REMOTE_ID;
        object->said_link.local_id = fact->local_id;
        object->said_link.remote_id = fact->remote_id;
    }
    if (fact->is_split) {
        struct object *other = new_link(w, fact);
        say_v6(other, fact);
        other->said_link.present |= RIB_LINK_IGP_METRIC_MT2;
        other->said_link.igp_metric_mt2 = fact->igp_metric + 7;
        return;
    }
    say_v6(object, fact);
    if (may_leave_remote(w, fact) && chance(w, 30))
        object->said_link.present &=
            ~(uint32_t)(RIB_LINK_REMOTE_V4 | RIB_LINK_REMOTE_V6 | RIB_LINK_REMOTE_ID);
}

static void tear_lan(struct world *w)
{
    struct rib_name lan = lan_name();
    uint32_t group = NODES_MAX * DOMAINS;
    new_object(w, RIB_KIND_NODE, group)->node = lan;
    for (uint32_t i = 0; i < 3; i++) {
        struct object *from_lan = new_object(w, RIB_KIND_LINK, group);
        struct object *to_lan =
            new_object(w, RIB_KIND_LINK, w->lan_nodes[i] * DOMAINS + (uint32_t)ISIS);
        from_lan->node = lan;
        from_lan->remote = to_lan->node = name_of(w, w->lan_nodes[i], ISIS);
        to_lan->remote = lan;
        from_lan->said_link.present = RIB_LINK_IGP_METRIC;
        for (uint32_t j = 0, is_first = 1; j < w->link_count; j++) {
            const struct fact_link *fact = &w->links[j];
            if (fact->lan != (int)i)
                continue;
            struct rib_name neighbor = name_of(w, fact->to, ISIS);
            if (is_first)
                say_numbers(to_lan, fact);
            is_first = 0;
            to_lan->said_link.local_v4 = fact->local_v4;
            to_lan->said_link.present |= RIB_LINK_LOCAL_V4;
            say_label(to_lan, fact->label, &neighbor);
        }
    }
}

static void tear(struct world *w)
{
    for (uint32_t i = 0; i < w->node_count; i++)
        for (int domain = 0; domain < DOMAINS; domain++)
            if (w->nodes[i].is_in[domain])
                tear_node(w, i, domain);
    for (uint32_t i = 0; i < w->link_count; i++)
        tear_link(w, &w->links[i]);
    if (w->has_lan)
        tear_lan(w);
}

/* ---- telling ---- */

struct telling {
    uint32_t object, source;
    bool is_lie;     /* to be put right, or of one who is not believed */
    bool is_ghost;   /* another link, of one who is not believed */
    bool is_to_go;   /* to be removed again */
    uint32_t hidden; /* fields of the link that are left to others */
};

static void point(struct object *object)
{
    object->said_node.srgbs = &object->srgb;
    object->said_node.text = object->text;
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

static void put(struct rib *rib, const uint32_t *sources, const struct world *w,
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
    default:
        status = rib_put_prefix(rib, &put, &object.prefix, 32, &object.said_prefix);
        break;
    }
    WANT(status == PCE_OK);
    if (telling->is_to_go)
        WANT(rib_remove(rib, put.source, object.kind, &put.key) == PCE_OK);
}

static uint32_t authority(const struct world *w, uint32_t group)
{
    uint32_t best = TED_NONE;
    for (uint32_t s = 0; s < w->source_count; s++)
        if ((w->tellers[group] >> s & 1) != 0 && (best == TED_NONE || w->ranks[s] < w->ranks[best]))
            best = s;
    return best;
}

static void choose_sources(struct world *w)
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

/* A link that something names. */
static bool has_name(const struct object *object)
{
    return object->kind == RIB_KIND_LINK &&
           (object->said_link.present &
            (RIB_LINK_LOCAL_V4 | RIB_LINK_LOCAL_V6 | RIB_LINK_LOCAL_ID)) != 0;
}

static uint32_t tell_object(struct world *w, uint32_t o, struct telling *tellings)
{
    uint32_t group = w->objects[o].teller_group, best = authority(w, group), count = 0;
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
        if (!is_best && has_name(&w->objects[o]) && chance(w, 20))
            tellings[count++] = (struct telling){.object = o, .source = s, .is_ghost = true};
        if (chance(w, 5) && has_name(&w->objects[o]))
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
            put(rib, &source, w, &(struct telling){.object = o, .is_lie = true});
    if (chance(w, 50))
        rib_source_went(rib, source);
    rib_remove_source(rib, source);
}

static void tell(struct world *w, struct rib *rib)
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
        put(rib, sources, w, &tellings[i]);
    if (w->has_complement)
        tell_complement(w, rib);
    if (!chance(w, 20))
        return;
    /* One goes and comes back: all of it is told again but for what was never so. */
    uint32_t again = (uint32_t)below(w, w->source_count);
    rib_source_went(rib, sources[again]);
    for (uint32_t i = 0; i < count; i++)
        if (tellings[i].source == again && !(tellings[i].is_ghost && chance(w, 50)))
            put(rib, sources, w, &tellings[i]);
    rib_source_is_complete(rib, sources[again]);
}

/* ---- one network ---- */

static bool is_clean(const struct rib_findings *findings)
{
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++)
        if (findings->counts[kind] != 0 && kind != RIB_HALF_LINK && kind != RIB_PAIRED_BY_ORDER &&
            kind != RIB_OVERLOAD_IN_PART)
            return false;
    return true;
}

static void compare(uint64_t number, const char *whole, const char *merged,
                    const struct rib_findings *findings)
{
    if (strcmp(whole, merged) == 0 && is_clean(findings))
        return;
    printf("network %llu\nwhole:\n%smerged:\n%s", (unsigned long long)number, whole, merged);
    for (uint32_t i = 0; i < findings->count; i++)
        printf("%s: %s\n", rib_finding_id(findings->items[i].kind), findings->items[i].text);
    exit(1);
}

/* Each step of a merge without memory: no network, and all of it the next time. */
static void merge_without_memory(struct rib *rib, struct rib_findings *findings)
{
    struct ted_snapshot *snapshot;
    enum pce_status status = PCE_NO_MEMORY;
    for (uint64_t at = 1; status != PCE_OK; at++) {
        refuse_at = at;
        status = rib_merge(rib, "model", &snapshot, findings);
        refuse_at = 0;
        WANT(status == PCE_OK || status == PCE_NO_MEMORY);
    }
    ted_snapshot_destroy(snapshot);
}

/* An object that finds no memory changes nothing. */
static void put_without_memory(struct rib *rib, const struct world *w)
{
    const struct rib_source_spec spec = {.name = "short", .rank = 1};
    struct rib_counts before = *rib_counts(rib);
    uint32_t source;
    WANT(rib_add_source(rib, &spec, &source) == PCE_OK);
    enum pce_status status = PCE_NO_MEMORY;
    for (uint64_t at = 1; status != PCE_OK; at++) {
        const uint8_t key = 1;
        const struct rib_link link = {.present = RIB_LINK_IGP_METRIC};
        struct rib_name from = name_of(w, 0, OSPF), to = name_of(w, 1, OSPF);
        struct rib_put put = {.source = source, .key = {&key, sizeof key}, .node = from};
        from.octets[1] = to.octets[1] = 77; /* names that nobody has yet */
        refuse_at = at;
        status = rib_put_link(rib, &put, &to, &link);
        refuse_at = 0;
        WANT(status == PCE_OK || rib_counts(rib)->octets == before.octets);
    }
    rib_remove_source(rib, source);
    WANT(rib_counts(rib)->octets == before.octets);
}

/* ---- changes that are followed ---- */

#define EVENTS_PER_NETWORK 4
#define CHANGES_MAX        4 /* gathered for one event */

/* Two RIBs that are told the same: one follows what changes, of the other the network is made as a
 * whole each time. */
struct twins {
    struct rib *following, *whole;
    struct ted_snapshot *followed;
    struct rib_findings findings, whole_findings;
};

static uint64_t followed_count, unchanged_count, whole_count;

static void change_values(struct world *w, struct rib_link *link)
{
    switch (below(w, 6)) {
    case 0:
        link->igp_metric = chance(w, 10) ? 16777215 : 1 + (uint32_t)below(w, 50);
        break;
    case 1:
        link->te_metric = (uint32_t)below(w, 50);
        break;
    case 2:
        link->delay_us = (uint32_t)below(w, 50);
        break;
    case 3:
        link->capacity = (float)below(w, 50);
        break;
    case 4:
        link->unreserved[below(w, TED_PRIORITIES)] = (float)below(w, 4);
        link->present |= chance(w, 50) ? RIB_LINK_UNRESERVED : 0U;
        break;
    default:
        link->admin_group = (uint32_t)below(w, 4);
        break;
    }
}

static void change_told(struct world *w, struct twins *twins, const struct telling *telling,
                        bool goes)
{
    uint32_t sources[SOURCES_MAX] = {0, 1, 2, 3};
    uint32_t key = telling->object + (telling->is_ghost ? OBJECTS_MAX : 0);
    const struct rib_key octets = {(const uint8_t *)&key, sizeof key};
    enum rib_kind kind = w->objects[telling->object].kind;
    if (goes) {
        enum pce_status a = rib_remove(twins->following, telling->source, kind, &octets);
        WANT(a == rib_remove(twins->whole, telling->source, kind, &octets));
        return;
    }
    put(twins->following, sources, w, telling);
    put(twins->whole, sources, w, telling);
}

static uint32_t some_object(struct world *w)
{
    uint32_t o = (uint32_t)below(w, w->object_count);
    /* Links mostly: they are what is followed. */
    for (unsigned i = 0; i < 20 && w->objects[o].kind != RIB_KIND_LINK && chance(w, 98); i++)
        o = (uint32_t)below(w, w->object_count);
    return o;
}

static void change_source(struct world *w, struct twins *twins)
{
    uint32_t source = (uint32_t)below(w, w->source_count);
    if (chance(w, 50)) {
        rib_source_went(twins->following, source);
        rib_source_went(twins->whole, source);
    } else {
        rib_source_is_complete(twins->following, source);
        rib_source_is_complete(twins->whole, source);
    }
}

static void change_something(struct world *w, struct twins *twins)
{
    struct telling telling = {.object = some_object(w),
                              .source = (uint32_t)below(w, w->source_count),
                              .is_lie = chance(w, 5),
                              .is_ghost = chance(w, 5)};
    struct object *object = &w->objects[telling.object];
    if (chance(w, 2)) {
        change_source(w, twins);
        return;
    }
    telling.is_ghost = telling.is_ghost && has_name(object);
    if (object->kind == RIB_KIND_LINK && chance(w, 60))
        change_values(w, &object->said_link);
    if (object->said_link.adj_sid_count > 0 && chance(w, 5))
        object->adj_sids[0].value = 16 + (uint32_t)below(w, 100);
    change_told(w, twins, &telling, chance(w, 40));
}

/* The arrays of a snapshot that are read in the place of links say the same as they do. */
static void check_edges(const struct ted_snapshot *s)
{
    uint32_t count = 0;
    WANT(s->first_edge[s->node_count] == s->edge_count);
    WANT(s->reverse_first_edge[s->node_count] == s->edge_count);
    for (uint32_t i = 0; i < s->link_count; i++)
        count += !s->links[i].is_gone;
    WANT(count == s->edge_count);
    for (uint32_t node = 0; node < s->node_count; node++) {
        for (uint32_t i = s->first_edge[node]; i < s->first_edge[node + 1]; i++) {
            const struct ted_edge *edge = &s->edges[i];
            const struct ted_link *link = &s->links[edge->link];
            WANT(i == s->first_edge[node] || s->edges[i - 1].link < edge->link);
            WANT(!link->is_gone && link->from == node && link->to == edge->node);
            WANT(edge->igp_metric == link->igp_metric && edge->te_metric == link->te_metric &&
                 edge->is_one_way == !link->is_two_way);
        }
        for (uint32_t i = s->reverse_first_edge[node]; i < s->reverse_first_edge[node + 1]; i++) {
            const struct ted_edge *edge = &s->reverse_edges[i];
            const struct ted_link *link = &s->links[edge->link];
            WANT(i == s->reverse_first_edge[node] || s->reverse_edges[i - 1].link < edge->link);
            WANT(!link->is_gone && link->to == node && link->from == edge->node);
            WANT(edge->igp_metric == link->igp_metric && edge->te_metric == link->te_metric &&
                 edge->is_one_way == !link->is_two_way);
            WANT(s->reverse_columns.admin_group[i] == link->admin_group &&
                 s->reverse_columns.delay_us[i] == link->delay_us &&
                 s->reverse_columns.capacity[i] == link->capacity);
            for (unsigned p = 0; p < TED_PRIORITIES; p++)
                WANT(s->reverse_columns.unreserved[p][i] == link->unreserved[p]);
        }
    }
}

/* What is different says so, and nothing else does. */
static void check_delta(const struct ted_snapshot *before, const struct ted_snapshot *after)
{
    uint32_t at = 0;
    WANT(after->delta != NULL && after->delta->serial == before->serial);
    for (uint32_t i = 0; i < after->link_count; i++) {
        bool is_listed = at < after->delta->count && after->delta->links[at] == i;
        const struct ted_link *a = &before->links[i], *b = &after->links[i];
        bool is_same = a->is_gone == b->is_gone && a->reverse == b->reverse &&
                       a->is_two_way == b->is_two_way && a->has_sibling == b->has_sibling &&
                       a->igp_metric == b->igp_metric && a->te_metric == b->te_metric;
        WANT(is_listed || is_same);
        at += is_listed;
    }
    WANT(at == after->delta->count);
}

static void follow_without_memory(struct twins *twins)
{
    struct ted_snapshot *next;
    enum pce_status status = PCE_NO_MEMORY;
    for (uint64_t at = 1; status == PCE_NO_MEMORY && at < 40; at++) {
        refuse_at = at;
        status = rib_merge_changes(twins->following, twins->followed, &next, &twins->findings);
        WANT(refuse_at == 0 || status != PCE_NO_MEMORY);
        refuse_at = 0;
        if (status == PCE_OK && next != NULL) {
            ted_snapshot_destroy(twins->followed);
            twins->followed = next;
        }
    }
}

static void follow(struct twins *twins)
{
    struct ted_snapshot *next;
    enum pce_status status =
        rib_merge_changes(twins->following, twins->followed, &next, &twins->findings);
    if (status == PCE_UNSUPPORTED) {
        whole_count++;
        WANT(rib_merge(twins->following, "model", &next, &twins->findings) == PCE_OK);
    } else {
        WANT(status == PCE_OK);
        followed_count += next != NULL;
        unchanged_count += next == NULL;
        if (next != NULL)
            check_delta(twins->followed, next);
    }
    if (next == NULL)
        return;
    ted_snapshot_destroy(twins->followed);
    twins->followed = next;
}

/* Links that lead to nobody, or to where they come from, are counted by whole merges alone. */
static void compare_findings(uint64_t number, const struct twins *twins)
{
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++) {
        uint32_t got = twins->findings.counts[kind], wanted = twins->whole_findings.counts[kind];
        if (got == wanted || kind == RIB_LINK_WITHOUT_NODE || kind == RIB_LINK_TO_ITSELF)
            continue;
        printf("network %llu: %s: %u found, %u wanted\n", (unsigned long long)number,
               rib_finding_id((enum rib_finding_kind)kind), got, wanted);
        exit(1);
    }
}

static void compare_twins(uint64_t number, struct twins *twins, const struct ted_snapshot *whole)
{
    char *wanted = network_text(whole), *got = network_text(twins->followed);
    compare_findings(number, twins);
    if (strcmp(wanted, got) != 0) {
        printf("network %llu\nwhole:\n%sfollowed:\n%s", (unsigned long long)number, wanted, got);
        exit(1);
    }
    check_edges(twins->followed);
    free(wanted);
    free(got);
}

static void run_events(struct world *w, uint64_t number, struct twins *twins)
{
    for (unsigned event = 0; event < EVENTS_PER_NETWORK; event++) {
        struct ted_snapshot *whole;
        for (uint64_t i = 1 + below(w, CHANGES_MAX); i > 0; i--)
            change_something(w, twins);
        if (number % MEMORY_EVERY == 0)
            follow_without_memory(twins);
        follow(twins);
        WANT(rib_merge(twins->whole, "model", &whole, &twins->whole_findings) == PCE_OK);
        compare_twins(number, twins, whole);
        ted_snapshot_destroy(whole);
    }
}

static void run(struct world *w, uint64_t number)
{
    static struct rib_findings findings;
    const struct rib_limits limits = {.objects_max = 100000, .octets_max = 100000000};
    w->node_count = w->link_count = w->object_count = w->next_address = 0;
    w->has_complement = chance(w, 30);
    make_nodes(w);
    make_links(w);
    make_lan(w);
    choose_sources(w);
    tear(w);
    static struct twins twins;
    struct rib *rib = rib_create(&limits);
    struct ted_snapshot *whole = build_whole(w), *merged;
    struct random before = w->random;
    tell(w, rib);
    twins.whole = rib_create(&limits);
    w->random = before;
    tell(w, twins.whole);
    WANT(rib_merge(rib, "model", &merged, &findings) == PCE_OK);
    char *wanted = network_text(whole), *got = network_text(merged);
    compare(number, wanted, got, &findings);
    free(wanted);
    free(got);
    if (number % MEMORY_EVERY == 0) {
        put_without_memory(rib, w);
        merge_without_memory(rib, &findings);
    }
    ted_snapshot_destroy(whole);
    ted_snapshot_destroy(merged);
    twins.following = rib;
    WANT(rib_merge(rib, "model", &twins.followed, &twins.findings) == PCE_OK);
    run_events(w, number, &twins);
    ted_snapshot_destroy(twins.followed);
    rib_destroy(twins.whole);
    for (uint32_t s = 0; s < RIB_SOURCES_MAX; s++)
        rib_remove_source(rib, s);
    WANT(rib_counts(rib)->octets == 0);
    rib_destroy(rib);
}

int main(void)
{
    static struct world world;
    uint64_t cases = test_env_u64("PCED_RIB_MODEL_CASES", CASES_DEFAULT);
    world.random = test_random_init("rib model", 1);
    for (uint64_t i = 0; i < cases; i++)
        run(&world, i);
    printf("%llu networks merged as they are; of changes %llu followed, %llu without effect, "
           "%llu whole\n",
           (unsigned long long)cases, (unsigned long long)followed_count,
           (unsigned long long)unchanged_count, (unsigned long long)whole_count);
    return 0;
}
