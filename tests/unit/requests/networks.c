/* PCReq: answers on small networks that are written as topology files. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <string.h>

#define P PCEP_OBJECT_FLAG_P

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(networks, .init = set_up, .fini = tear_down);

#define NODES                                                                                      \
    "defaults: {srgb: {base: 16000, size: 8000}, capacity: 10G}\n"                                 \
    "nodes:\n"                                                                                     \
    "- {name: R1, router-id: 192.0.2.1, prefix-sid: 1}\n"                                          \
    "- {name: R2, router-id: 192.0.2.2, prefix-sid: 2}\n"                                          \
    "- {name: R3, router-id: 192.0.2.3, prefix-sid: 3}\n"                                          \
    "links:\n"

static void begin(int pst, const char *destination)
{
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, pst);
    scene_put_end_points(&scene, "192.0.2.1", destination);
}

static void put_lspa(uint32_t exclude_any, uint8_t flags)
{
    const struct pcep_lspa body = {.exclude_any = exclude_any, .flags = flags};
    pcep_object_put(&scene.writer, PCEP_OBJECT_LSPA, P, &body);
}

static uint8_t lspa_flags(const struct pcep_response *response)
{
    return ((const struct pcep_lspa *)scene_there(response->lspa)->body)->flags;
}

/* ---- priorities ---- */

#define BUSY                                                                                       \
    NODES "- {from: R1, to: R2, unreserved: [10G, 8G, 8G, 8G, 4G, 4G, 1G, 1G]}\n"                  \
          "- {from: R1, to: R3, igp-metric: 5, unreserved: [6G, 6G, 6G, 6G, 6G, 6G, 6G, 6G]}\n"    \
          "- {from: R3, to: R2, igp-metric: 50, unreserved: [6G, 6G, 6G, 6G, 6G, 6G, 6G, 6G]}\n"

/* RFC 5440 7.11 */
Test(networks, a_request_without_lspa_is_set_up_at_priority_0)
{
    scene_use_network(&scene, NODES
                      "- {from: R1, to: R2, unreserved: [10G, 8G, 8G, 8G, 4G, 4G, 1G, 1G]}\n");
    begin(PCEP_PST_SR, "192.0.2.2");
    scene_put_bandwidth(&scene, 5e9F / 8);
    scene_send(&scene);
    cr_expect_eq(scene_label(scene_only_response(&scene).ero, 0), 16002);
    begin(PCEP_PST_SR, "192.0.2.2");
    scene_put_lspa(&scene, 0, 0, 0, 4);
    scene_put_bandwidth(&scene, 5e9F / 8);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_not_null(response.no_path);
    cr_expect_not_null(response.bandwidth);
}

Test(networks, loads_and_residual_bandwidths_are_those_of_priority_0)
{
    const uint16_t codes[] = {PCEP_OF_MLP, PCEP_OF_MBP};
    scene_use_network(&scene, BUSY);
    for (unsigned i = 0; i < 2; i++) {
        begin(PCEP_PST_RSVP_TE, "192.0.2.2");
        const struct pcep_of of = {.code = codes[i]};
        pcep_object_put(&scene.writer, PCEP_OBJECT_OF, P, &of);
        scene_send(&scene);
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(pcep_subobjects_of(response.ero).count, 1,
                     "R1 R2, which is empty at priority 0");
    }
}

/* ---- one-way links ---- */

/* RFC 2328 16.1 */
Test(networks, a_link_that_nothing_leads_back_from_is_no_part_of_a_node_segment)
{
    scene_use_network(&scene,
                      NODES "- {from: R1, to: R2, igp-metric: 1, one-way: true, adj-sid: 24012}\n"
                            "- {from: R1, to: R3, igp-metric: 10}\n"
                            "- {from: R3, to: R2, igp-metric: 10, admin-group: [0]}\n");
    begin(PCEP_PST_SR, "192.0.2.2");
    put_lspa(1, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_eq(pcep_subobjects_of(response.ero).count, 1);
    cr_expect_eq(scene_label(response.ero, 0), 24012);
}

/* ---- strict hops ---- */

#define TWINS(ids_0, ids_1)                                                                        \
    NODES "- {from: R1, to: R2, admin-group: [0]" ids_0 "}\n"                                      \
          "- {from: R1, to: R2, admin-group: [1]" ids_1 "}\n"

static struct pcep_response ask_strict(uint32_t exclude_any)
{
    begin(PCEP_PST_RSVP_TE, "192.0.2.2");
    put_lspa(exclude_any, 0);
    scene_send(&scene);
    return scene_only_response(&scene);
}

Test(networks, links_without_addresses_or_ids_cannot_be_told_apart)
{
    scene_use_network(&scene, TWINS("", ""));
    struct pcep_response response = ask_strict(1);
    cr_expect_not_null(response.no_path);
    cr_expect(scene_lists_constraints(&response));
    cr_expect_not_null(response.lspa);
    cr_expect_eq(scene.last_result.unsatisfied, PATH_CONSTRAINT_AFFINITY | PATH_CONSTRAINT_HOPS);
    response = ask_strict(4);
    cr_expect_null(response.no_path, "either may be taken");
}

/* RFC 3477 4 */
Test(networks, links_without_addresses_are_named_by_interface_ids)
{
    scene_use_network(&scene, TWINS(", interface-ids: [11, 12]", ", interface-ids: [21, 22]"));
    for (uint32_t bit = 0; bit < 2; bit++) {
        struct pcep_response response = ask_strict(1u << bit);
        cr_assert_not_null(response.ero);
        cr_assert_eq(pcep_subobjects_of(response.ero).count, 1);
        const struct pcep_subobject *subobject = scene_there(response.ero)->subobjects;
        cr_assert_eq(subobject->row->id, PCEP_SUBOBJECT_UNNUMBERED);
        const struct pcep_sub_unnumbered *hop = subobject->body;
        struct ip router;
        cr_assert(ip_parse("192.0.2.2", &router));
        cr_expect(ip_is_equal(&hop->router_id, &router));
        cr_expect_eq(hop->interface_id, bit == 0 ? 22 : 12);
        cr_expect_not(subobject->is_loose);
    }
}

Test(networks, a_path_has_no_hops_of_the_other_family)
{
    scene_use_network(&scene, "nodes:\n"
                              "- {name: R1, router-id: 192.0.2.1, router-id-v6: \"2001:db8::1\"}\n"
                              "- {name: R2, router-id: 192.0.2.2, router-id-v6: \"2001:db8::2\"}\n"
                              "- {name: R3, router-id: 192.0.2.3}\n"
                              "links:\n"
                              "- {from: R1, to: R3, addresses: [198.51.100.0, 198.51.100.1]}\n"
                              "- {from: R3, to: R2, addresses: [198.51.100.2, 198.51.100.3]}\n");
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_RSVP_TE);
    scene_put_end_points(&scene, "2001:db8::1", "2001:db8::2");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_not_null(response.no_path);
    cr_expect_not(scene_lists_constraints(&response));
    cr_expect_eq(scene.last_result.unsatisfied, PATH_CONSTRAINT_HOPS);
}

/* ---- source and destination the same ---- */

/* RFC 8664 4.3 */
Test(networks, a_path_from_a_node_to_itself_is_its_own_sid_or_none)
{
    scene_use_network(&scene, NODES "- {from: R1, to: R2}\n");
    begin(PCEP_PST_SR, "192.0.2.1");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_eq(pcep_subobjects_of(response.ero).count, 1);
    cr_expect_eq(scene_label(response.ero, 0), 16001);
    begin(PCEP_PST_RSVP_TE, "192.0.2.1");
    scene_send(&scene);
    response = scene_only_response(&scene);
    cr_expect_not_null(response.no_path);
    cr_expect_null(response.ero);
}

/* ---- local protection ---- */

#define PINNED(sids)                                                                               \
    NODES "- {from: R1, to: R2, igp-metric: 100, adj-sids: [" sids "]}\n"                          \
          "- {from: R1, to: R3, igp-metric: 10, admin-group: [0]}\n"                               \
          "- {from: R3, to: R2, igp-metric: 10, admin-group: [0]}\n"
#define PLAIN_SID     "{label: 24000}"
#define PROTECTED_SID "{label: 24001, protected: true}"

static struct pcep_response ask_protected(uint8_t flags)
{
    begin(PCEP_PST_SR, "192.0.2.2");
    put_lspa(1, flags);
    scene_send(&scene);
    return scene_only_response(&scene);
}

/* RFC 9488 5 */
Test(networks, an_adjacency_sid_is_protected_as_lspa_asks)
{
    scene_use_network(&scene, PINNED(PROTECTED_SID ", " PLAIN_SID));
    for (uint8_t flags = 0; flags < 4; flags++) {
        struct pcep_response response = ask_protected(flags);
        bool wants = (flags & PCEP_LSPA_L) != 0;
        cr_expect_eq(scene_label(response.ero, 0), wants ? 24001 : 24000);
        cr_expect_eq(lspa_flags(&response), flags);
    }
}

Test(networks, what_is_not_protected_is_not_called_so)
{
    scene_use_network(&scene, PINNED(PLAIN_SID));
    struct pcep_response response = ask_protected(PCEP_LSPA_L);
    cr_expect_eq(scene_label(response.ero, 0), 24000);
    cr_expect_eq(lspa_flags(&response), 0);
}

Test(networks, protection_that_is_enforced_and_missing_is_named)
{
    scene_use_network(&scene, PINNED(PLAIN_SID));
    struct pcep_response response = ask_protected(PCEP_LSPA_L | PCEP_LSPA_E);
    cr_expect_not_null(response.no_path);
    cr_expect(scene_lists_constraints(&response));
    cr_expect_eq(lspa_flags(&response), PCEP_LSPA_L | PCEP_LSPA_E, "as it was asked");
    cr_expect((scene.last_result.unsatisfied & PATH_CONSTRAINT_PROTECTION) != 0);
    scene_use_network(&scene, PINNED(PROTECTED_SID));
    response = ask_protected(PCEP_LSPA_E);
    cr_expect_not_null(response.no_path);
}

Test(networks, of_strict_hops_none_is_known_to_be_protected)
{
    scene_use_network(&scene, NODES "- {from: R1, to: R2}\n");
    begin(PCEP_PST_RSVP_TE, "192.0.2.2");
    put_lspa(0, PCEP_LSPA_L);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_not_null(response.ero);
    cr_expect_eq(lspa_flags(&response), 0);
    begin(PCEP_PST_RSVP_TE, "192.0.2.2");
    put_lspa(0, PCEP_LSPA_L | PCEP_LSPA_E);
    scene_send(&scene);
    response = scene_only_response(&scene);
    cr_expect_not_null(response.no_path);
    cr_expect_not_null(response.lspa);
}
