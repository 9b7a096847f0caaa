/* Networks that are known whole. */
#include "tests/model/rib/world.h"

struct rib_name world_name_of(const struct world *w, uint32_t node, int domain)
{
    uint8_t system_id[6] = {0, 0, 0, 0, 0, (uint8_t)(node + 1)};
    struct rib_igp_name name = {.speaker = domain == ISIS ? RIB_SPEAKER_ISIS : RIB_SPEAKER_OSPF,
                                .asn = 65000,
                                .router_id =
                                    domain == ISIS ? system_id : w->nodes[node].router_id.octets,
                                .router_id_size = domain == ISIS ? 6 : 4};
    return rib_name_of_igp(&name);
}

struct rib_name world_lan_name(void)
{
    const uint8_t id[7] = {0, 0, 0, 0, 0, 1, 9};
    struct rib_igp_name name = {
        .speaker = RIB_SPEAKER_ISIS, .asn = 65000, .router_id = id, .router_id_size = 7};
    return rib_name_of_igp(&name);
}

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
        if (chance(w, 40))
            node->srv6 = v6(0xf000 + i);
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
void world_make_link(struct world *w)
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
        world_make_link(w);
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

void world_make(struct world *w)
{
    w->node_count = w->link_count = w->object_count = w->next_address = 0;
    w->has_complement = chance(w, 30);
    make_nodes(w);
    make_links(w);
    make_lan(w);
}

/* ---- the network as a builder has it ---- */

static const char *known_as(const struct world *w, uint32_t node, char text[RIB_NAME_TEXT_SIZE])
{
    const struct fact_node *fact = &w->nodes[node];
    struct rib_name name = world_name_of(w, node, fact->is_in[ISIS] ? ISIS : OSPF);
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
    const struct ted_srv6_sid srv6_sid = {.sid = fact->srv6, .behavior = 1};
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
        .srv6_sids = &srv6_sid,
        .srv6_sid_count = fact->srv6.family != IP_NONE,
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

struct ted_snapshot *world_build(const struct world *w)
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
