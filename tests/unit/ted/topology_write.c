#include "core/ted/topology_write.h"

#include "bench/topogen/topogen.h"
#include "core/ted/flex.h"
#include "core/ted/topology_file.h"
#include "core/ted/topology_forms.h"
#include "tests/lib/random.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool put_text(void *context, const char *octets, size_t size)
{
    topo_text_add(context, octets, size);
    return true;
}

/* The network as text; to be freed. */
static char *write_text(const struct ted_snapshot *s, enum topology_form form, uint64_t *bent)
{
    struct topo_text text;
    topo_text_init(&text, form);
    cr_assert_eq(topology_write(s, form, put_text, &text, bent), PCE_OK);
    cr_assert_not(text.has_failed);
    return text.octets;
}

#define EXPECT_RANGE(a, b, range, array)                                                           \
    do {                                                                                           \
        cr_assert_eq((a)->range.count, (b)->range.count, #range);                                  \
        for (uint32_t k_ = 0; k_ < (a)->range.count; k_++)                                         \
            cr_assert_arr_eq(&sa->array[(a)->range.first + k_], &sb->array[(b)->range.first + k_], \
                             sizeof *sa->array, #range);                                           \
    } while (0)

static void expect_same_srv6(const struct ted_snapshot *sa, struct ted_range a,
                             const struct ted_snapshot *sb, struct ted_range b)
{
    cr_assert_eq(a.count, b.count);
    for (uint32_t i = 0; i < a.count; i++) {
        const struct ted_srv6_sid *x = &sa->srv6_sids[a.first + i];
        const struct ted_srv6_sid *y = &sb->srv6_sids[b.first + i];
        cr_assert(ip_is_equal(&x->sid, &y->sid));
        cr_assert_eq(x->behavior, y->behavior);
        cr_assert_eq(x->algorithm, y->algorithm);
        cr_assert_eq(x->block_bits, y->block_bits);
        cr_assert_eq(x->node_bits, y->node_bits);
        cr_assert_eq(x->function_bits, y->function_bits);
        cr_assert_eq(x->argument_bits, y->argument_bits);
        cr_assert_eq(x->is_protected, y->is_protected);
    }
}

static void expect_same_node(const struct ted_snapshot *sa, const struct ted_snapshot *sb,
                             uint32_t index)
{
    const struct ted_node *a = &sa->nodes[index], *b = &sb->nodes[index];
    cr_assert_str_eq(a->name, b->name);
    cr_assert(ip_is_equal(&a->router_id_v4, &b->router_id_v4), "%s", a->name);
    cr_assert(ip_is_equal(&a->router_id_v6, &b->router_id_v6), "%s", a->name);
    EXPECT_RANGE(a, b, addresses, addresses);
    EXPECT_RANGE(a, b, srgbs, srgbs);
    cr_assert_eq(a->prefix_sids.count, b->prefix_sids.count);
    for (uint32_t i = 0; i < a->prefix_sids.count; i++) {
        const struct ted_prefix_sid *x = &sa->prefix_sids[a->prefix_sids.first + i];
        const struct ted_prefix_sid *y = &sb->prefix_sids[b->prefix_sids.first + i];
        cr_assert_eq(x->algorithm, y->algorithm);
        cr_assert_eq(x->family, y->family);
        cr_assert_eq(x->index, y->index);
        cr_assert_eq(x->is_anycast, y->is_anycast);
    }
    EXPECT_RANGE(a, b, algorithms, algorithms);
    EXPECT_RANGE(a, b, flexes, flexes);
    expect_same_srv6(sa, a->srv6_sids, sb, b->srv6_sids);
    cr_assert_eq(a->msd, b->msd);
    cr_assert_eq(a->srv6_msd, b->srv6_msd);
    cr_assert_eq(a->is_overloaded, b->is_overloaded);
    cr_assert_eq(a->has_position, b->has_position);
    cr_assert_arr_eq(&a->latitude, &b->latitude, sizeof a->latitude);
    cr_assert_arr_eq(&a->longitude, &b->longitude, sizeof a->longitude);
}

static void expect_same_measures(const struct ted_snapshot *sa, const struct ted_link *a,
                                 const struct ted_snapshot *sb, const struct ted_link *b)
{
    struct ted_flex_seen x, y;
    cr_assert_eq(a->measured, b->measured);
    cr_assert_eq(a->delay_min_us, b->delay_min_us);
    cr_assert_eq(a->delay_max_us, b->delay_max_us);
    cr_assert_eq(a->delay_variation_us, b->delay_variation_us);
    cr_assert_eq(a->loss, b->loss);
    cr_assert_eq(a->msd, b->msd);
    EXPECT_RANGE(a, b, groups, group_words);
    cr_assert_eq(a->flex_source, b->flex_source);
    ted_flex_see(sa, a, &x);
    ted_flex_see(sb, b, &y);
    cr_assert(x.te_metric == y.te_metric && x.delay_min_us == y.delay_min_us);
    cr_assert_arr_eq(x.groups, y.groups, sizeof x.groups);
    cr_assert_eq(x.srlg_count, y.srlg_count);
    cr_assert(x.srlg_count == 0 || x.srlgs[0] == y.srlgs[0]);
}

static void expect_same_link(const struct ted_snapshot *sa, uint32_t ia,
                             const struct ted_snapshot *sb, uint32_t ib)
{
    const struct ted_link *a = &sa->links[ia], *b = &sb->links[ib];
    cr_assert_eq(a->from, b->from);
    cr_assert_eq(a->to, b->to);
    cr_assert_eq(a->is_two_way, b->is_two_way);
    cr_assert_eq(a->is_igp_unused, b->is_igp_unused);
    cr_assert_eq(a->has_sibling, b->has_sibling);
    cr_assert_eq(a->igp_metric, b->igp_metric);
    cr_assert_eq(a->te_metric, b->te_metric);
    cr_assert_eq(a->delay_us, b->delay_us);
    cr_assert_eq(a->admin_group, b->admin_group);
    cr_assert_arr_eq(&a->capacity, &b->capacity, sizeof a->capacity, "%.9g %.9g",
                     (double)a->capacity, (double)b->capacity);
    cr_assert_arr_eq(&a->max_reservable, &b->max_reservable, sizeof a->max_reservable);
    cr_assert_arr_eq(a->unreserved, b->unreserved, sizeof a->unreserved);
    EXPECT_RANGE(a, b, srlgs, srlgs);
    expect_same_measures(sa, a, sb, b);
    cr_assert_eq(a->adj_sids.count, b->adj_sids.count);
    for (uint32_t i = 0; i < a->adj_sids.count; i++) {
        const struct ted_adj_sid *x = &sa->adj_sids[a->adj_sids.first + i];
        const struct ted_adj_sid *y = &sb->adj_sids[b->adj_sids.first + i];
        cr_assert_eq(x->label, y->label);
        cr_assert_eq(x->family, y->family);
        cr_assert_eq(x->is_protected, y->is_protected);
    }
    expect_same_srv6(sa, a->srv6_sids, sb, b->srv6_sids);
    cr_assert(ip_is_equal(&a->local_v4, &b->local_v4));
    cr_assert(ip_is_equal(&a->remote_v4, &b->remote_v4));
    cr_assert(ip_is_equal(&a->local_v6, &b->local_v6));
    cr_assert(ip_is_equal(&a->remote_v6, &b->remote_v6));
    cr_assert_eq(a->local_id, b->local_id);
    cr_assert_eq(a->remote_id, b->remote_id);
}

/* b: what was written of a, and read again. Each link stands where it was written; in a file whose
 * links have both directions in one entry that is where it stood. */
static void expect_same_network(const struct ted_snapshot *a, const struct ted_snapshot *b)
{
    uint32_t at = 0;
    cr_assert_str_eq(a->name, b->name);
    cr_assert_eq(a->node_count, b->node_count);
    cr_assert_eq(a->link_count, b->link_count);
    for (uint32_t i = 0; i < a->node_count; i++)
        expect_same_node(a, b, i);
    for (uint32_t i = 0; i < a->link_count; i++) {
        if (topo_is_second(a, i))
            continue;
        expect_same_link(a, i, b, at);
        if (a->links[i].reverse != TED_NONE) {
            cr_assert_eq(b->links[at].reverse, at + 1);
            expect_same_link(a, a->links[i].reverse, b, ++at);
        } else {
            cr_assert_eq(b->links[at].reverse, TED_NONE);
        }
        at++;
    }
}

static void expect_round_trip(const struct ted_snapshot *s, uint64_t bent_wanted)
{
    for (int form = TOPOLOGY_YAML; form <= TOPOLOGY_JSON; form++) {
        uint64_t bent;
        char *text = write_text(s, (enum topology_form)form, &bent);
        struct ted_snapshot *again = read_text(text, strlen(text));
        expect_same_network(s, again);
        cr_assert_eq(bent, bent_wanted);
        ted_snapshot_destroy(again);
        free(text);
    }
}

static void expect_text_round_trip(const char *text)
{
    struct ted_snapshot *s = read_text(text, strlen(text));
    expect_round_trip(s, 0);
    ted_snapshot_destroy(s);
}

Test(topology_write, every_row_has_a_form)
{
    for (size_t i = 3; topo_tables[i] != NULL;
         i++) { /* the file, network and defaults are not written */
        for (uint32_t k = 0; k < topo_tables[i]->row_count; k++)
            cr_expect_not_null(topo_form_of(topo_tables[i], &topo_tables[i]->rows[k]), "%s: %s",
                               topo_tables[i]->name, topo_tables[i]->rows[k].key);
    }
}

/* Each key with a value that no reader assumes; the test below looks whether one is missing. */
static const char every_key[] =
    "network: {name: \"a: b # c\"}\n"
    "nodes:\n"
    "  - {name: A, router-id: 10.0.0.1, router-id-v6: fd00::1, addresses: [10.9.0.1, fd00::9], "
    "position: [-1.25, 170.123456], srgb: [{base: 16000, size: 10}, {base: 17000, size: 20}], "
    "prefix-sids: [{index: 3}, {index: 4, algorithm: 128, family: ipv6}, {index: 5, anycast: "
    "true}], node-msd: 12, algorithms: "
    "[0, 128], flex-algorithms: [{algorithm: 128, metric: te, priority: 9, exclude-any: [0, 200], "
    "include-any: [1], include-all: [2], exclude-srlgs: [7], prefix-metric: true}, {algorithm: "
    "129}], overload: "
    "true, srv6-msd: 8, "
    "srv6-sids: [{sid: 'fd01::1', behavior: 29, algorithm: 1, structure: [32, 16, 16, 0]}]}\n"
    "  - {name: B, router-id: 10.0.0.2, srgb: {base: 16000, size: 30}, prefix-sid: 0}\n"
    "links:\n"
    "  - {from: A, to: B, addresses: [10.1.0.0, 10.1.0.1], addresses-v6: ['fd02::', 'fd02::1'], "
    "interface-ids: [7, 8], igp-metric: 0, te-metric: 5, delay: 1.5ms, capacity: 622.08M, "
    "reservable: 1G, unreserved: [1G, 1G, 1G, 1G, 0, 1k, 1, 123.4567M], admin-group: [0, 31], "
    "srlgs: [9, 1, 4294967295], adj-sids: [{label: 24000}, {label: 24001, family: ipv6, protected: "
    "true}], delay-range: [1, 2], delay-variation: 0, loss: 0.500001, link-msd: 4, "
    "extended-admin-group: [70], flex-attributes: {te-metric: 0, min-delay: 3, admin-group: [33], "
    "srlgs: [5]}, srv6-sids: [{sid: 'fd01::2', protected: true, structure: [40, 24, 16, 8]}], "
    "reverse: {igp-metric: "
    "1, "
    "te-metric: 1, delay: 0, capacity: 10G, reservable: 10G, unreserved: [10G, 10G, 10G, 10G, 10G, "
    "10G, 10G, 10G], admin-group: 0, srlgs: [], delay-range: [0, 0], loss: 50.331642, link-msd: 0, "
    "extended-admin-group: [255], flex-attributes: {}, adj-sid: 24000}}\n"
    "  - {from: B, to: A, one-way: true, reservable: 0, adj-sid: 24009, igp-metric: 16777215}\n";

Test(topology_write, network_with_every_key_comes_back)
{
    expect_text_round_trip(every_key);
}

Test(topology_write, every_key_is_written_when_it_is_there)
{
    struct ted_snapshot *s = read_text(every_key, sizeof every_key - 1);
    uint64_t bent;
    char *text = write_text(s, TOPOLOGY_YAML, &bent);
    for (size_t i = 3; topo_tables[i] != NULL; i++) {
        for (uint32_t k = 0; k < topo_tables[i]->row_count; k++) {
            char key[64];
            (void)snprintf(key, sizeof key, "%s: ", topo_tables[i]->rows[k].key);
            cr_expect_not_null(strstr(text, key), "%s: %s", topo_tables[i]->name, key);
        }
    }
    free(text);
    ted_snapshot_destroy(s);
}

Test(topology_write, what_a_reader_assumes_is_not_written)
{
    const char source[] =
        "nodes: [{name: A, router-id: 10.0.0.1}, {name: 'n', router-id: 10.0.0.2}]\n"
        "links: [{from: A, to: n}]\n";
    struct ted_snapshot *s = read_text(source, sizeof source - 1);
    uint64_t bent;
    char *text = write_text(s, TOPOLOGY_YAML, &bent);
    cr_expect_str_eq(text, "network: {name: \"\"}\n\nnodes:\n"
                           "  - {name: A, router-id: 10.0.0.1}\n"
                           "  - {name: \"n\", router-id: 10.0.0.2}\n\nlinks:\n"
                           "  - {from: A, to: \"n\", igp-metric: 10}\n");
    free(text);
    text = write_text(s, TOPOLOGY_JSON, &bent);
    cr_expect_str_eq(text, "{\"network\": {\"name\": \"\"},\n\"nodes\": [\n"
                           "  {\"name\": \"A\", \"router-id\": \"10.0.0.1\"},\n"
                           "  {\"name\": \"n\", \"router-id\": \"10.0.0.2\"}],\n\"links\": [\n"
                           "  {\"from\": \"A\", \"to\": \"n\", \"igp-metric\": 10}]}\n");
    free(text);
    ted_snapshot_destroy(s);
}

Test(topology_write, names_of_any_text_come_back)
{
    static const char *const names[] = {
        "true",         "No",           "1.5", "- a",     "a: b", "#",    "\"\\'",
        "\xc3\xa9",     "\xe2\x80\xa8", "{x}", " blank ", "~",    "null", "\xf0\x9f\x8c\x8d",
        "\xef\xbb\xbf", "\xc2\x85",     "a,b"};
    struct ted_builder *builder = ted_builder_create("\xc2\xa0\xef\xbf\xbf");
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)add_plain_node(builder, names[i], i + 1);
    struct ted_snapshot *s = finish(builder);
    expect_round_trip(s, 0);
    ted_snapshot_destroy(s);
}

Test(topology_write, sample_networks_come_back)
{
    static const char *const paths[] = {"deploy/topologies/small.yaml",
                                        "deploy/topologies/national.yaml"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        size_t size;
        char *text = read_file(paths[i], &size);
        expect_text_round_trip(text);
        free(text);
    }
}

Test(topology_write, more_than_a_file_may_have_is_bent_and_counted)
{
    struct ted_builder *builder = ted_builder_create("");
    struct ted_fault fault;
    uint32_t index, a = add_plain_node(builder, "A", 1), b = add_plain_node(builder, "B", 2);
    struct ted_link_spec link = {.from = a,
                                 .to = b,
                                 .capacity = 2e14F,
                                 .max_reservable = 1,
                                 .unreserved = {2, 1, 1, 1, 1, 1, 1, 1},
                                 .local_v4 = address("10.1.0.0")};
    cr_assert_eq(ted_builder_add_link(builder, &link, &index, &fault), PCE_OK);
    struct ted_snapshot *s = finish(builder);
    uint64_t bent;
    char *text = write_text(s, TOPOLOGY_YAML, &bent);
    struct ted_snapshot *again = read_text(text, strlen(text));
    cr_assert_eq(bent, 3);
    cr_assert_float_eq(again->links[0].capacity, 1.25e14F, 1e7F);
    cr_assert_float_eq(again->links[0].unreserved[0], 1, 1e-6F);
    cr_assert_eq(again->links[0].local_v4.family, IP_NONE);
    ted_snapshot_destroy(again);
    ted_snapshot_destroy(s);
    free(text);
}

/* ---- random networks ---- */

static float random_bandwidth(struct random *random)
{
    static const float most[] = {10, 1e3F, 1e7F, 1e10F, 1.25e14F};
    return most[test_random_below(random, 5)] * (float)test_random_below(random, 1 << 24) /
           (float)(1 << 24);
}

static void add_random_node(struct ted_builder *builder, struct random *random, uint32_t n)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%s%u", n % 3 == 0 ? "node " : "n", n);
    const struct ted_srgb srgb = {16000 + (uint32_t)test_random_below(random, 3) * 1000, 1000};
    const struct ted_prefix_sid sid = {
        .index = n, .family = n % 2 == 0 ? IP_V4 : IP_V6, .algorithm = n % 5 == 0 ? 128 : 0};
    const struct ted_node_spec spec = {
        .name = name,
        .router_id_v4 = ip_from_u32(UINT32_C(0x0a000000) + n + 1),
        .srgbs = &srgb,
        .srgb_count = n % 4 != 0,
        .prefix_sids = &sid,
        .prefix_sid_count = n % 3 != 0,
        .msd = (uint8_t)test_random_below(random, 20),
        .has_position = n % 2 == 0,
        .latitude = ((double)test_random_below(random, 180000) - 90000) / 1000,
        .longitude = ((double)test_random_below(random, 360000000) - 180000000) / 1000000,
    };
    struct ted_fault fault;
    uint32_t index;
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
}

static void add_random_link(struct ted_builder *builder, struct random *random, uint32_t nodes,
                            uint32_t n)
{
    uint32_t from = (uint32_t)test_random_below(random, nodes), srlgs[] = {n, n / 7};
    const struct ted_adj_sid sid = {.label = 100000 + n, .is_protected = n % 3 == 0};
    struct ted_link_spec spec = {
        .from = from,
        .to = (from + 1 + (uint32_t)test_random_below(random, nodes - 1)) % nodes,
        .igp_metric = (uint32_t)test_random_below(random, 20),
        .te_metric = (uint32_t)test_random_below(random, 20),
        .delay_us = (uint32_t)test_random_below(random, 3) * 1000,
        .admin_group = (uint32_t)test_random_below(random, 2) << 31,
        .capacity = random_bandwidth(random),
        .srlgs = srlgs,
        .srlg_count = (uint32_t)test_random_below(random, 3),
        .adj_sids = &sid,
        .adj_sid_count = n % 2,
        .local_id = n % 4 == 0 ? n + 1 : 0,
        .remote_id = n % 4 == 0 ? n + 1000 : 0,
    };
    spec.max_reservable = n % 2 == 0 ? spec.capacity : random_bandwidth(random);
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        spec.unreserved[i] = spec.max_reservable / (float)(1 + test_random_below(random, 2));
    struct ted_fault fault;
    uint32_t index;
    cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
}

Test(topology_write, random_networks_come_back)
{
    const uint64_t base = test_random_init("random networks", 1000).state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct random random = {seed + base};
        uint32_t nodes = 2 + (uint32_t)test_random_below(&random, 20);
        struct ted_builder *builder = ted_builder_create("random");
        for (uint32_t i = 0; i < nodes; i++)
            add_random_node(builder, &random, i);
        for (uint32_t i = 0; i < nodes * 3; i++)
            add_random_link(builder, &random, nodes, i);
        struct ted_snapshot *s = finish(builder);
        expect_round_trip(s, 0);
        ted_snapshot_destroy(s);
    }
}

Test(topology_write, generated_network_comes_back)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const struct topogen_options options = {
        .kind = TOPOGEN_GEOGRAPHIC, .node_count = 300, .seed = 7, .degree = 4, .has_ipv6 = true};
    struct topogen generator;
    topogen_build(&generator, &options);
    topogen_write(&generator, out);
    topogen_fini(&generator);
    cr_assert_eq(fclose(out), 0);
    expect_text_round_trip(text);
    free(text);
}

Test(topology_write, numbers_may_have_an_exponent_as_json_has_it)
{
    const char source[] =
        "nodes: [{name: A, router-id: 10.0.0.1, position: [2.5e-05, -1.5E+1]}, {name: B, "
        "router-id: "
        "10.0.0.2}]\nlinks: [{from: A, to: B, capacity: 1e9, reservable: 5e-05}]\n";
    struct ted_snapshot *s = read_text(source, sizeof source - 1);
    cr_assert_float_eq(s->nodes[0].latitude, 0.000025, 1e-12);
    cr_assert_float_eq(s->nodes[0].longitude, -15, 1e-12);
    cr_assert_float_eq((double)s->links[0].capacity, 125e6, 1);
    expect_round_trip(s, 0);
    ted_snapshot_destroy(s);
    struct ted_fault fault;
    const char bad[] = "nodes: [{name: A, router-id: 10.0.0.1, position: [1e-23, 0]}]\n";
    cr_assert_eq(topology_file_read(bad, sizeof bad - 1, &s, &fault), PCE_INVALID);
}
