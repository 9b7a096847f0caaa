/* Fuzzer of networks by BGP-LS: whatever two peers tell, there is a network that holds together.
 *
 * The input is a sequence of UPDATEs, each behind an octet (bit 0: which peer; bit 7: it is an event
 * of the whole table instead, of no octets) and two octets of its size. */
#include "core/base/check.h"
#include "core/ted/rib.h"
#include "server/topology/feed.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

#define HEADER_SIZE 19

static void check_network(struct rib *rib)
{
    static struct rib_findings findings;
    struct ted_snapshot *s;
    CHECK(rib_merge(rib, "fuzz", &s, &findings) == PCE_OK);
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        CHECK(link->from < s->node_count && link->to < s->node_count && link->from != link->to);
        CHECK(link->reverse == TED_NONE || s->links[link->reverse].reverse == i);
        for (uint32_t k = 1; k < link->srlgs.count; k++)
            CHECK(s->srlgs[link->srlgs.first + k - 1] < s->srlgs[link->srlgs.first + k]);
        (void)ted_find_adj_sid(s, i, IP_V4, TED_PROTECTED_PREFERRED);
    }
    for (uint32_t i = 0; i < s->node_count; i++)
        CHECK(ted_find_node_by_name(s, s->nodes[i].name) == i);
    ted_snapshot_destroy(s);
}

static void tell(struct feed *feed, const uint8_t *body, size_t size, struct arena arenas[2])
{
    static uint8_t octets[HEADER_SIZE + UINT16_MAX];
    const struct bgp_options options = {.has_as4 = true};
    size_t whole = HEADER_SIZE + size;
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    struct bgp_message message;
    if (whole > UINT16_MAX)
        return;
    memset(octets, 0xff, 16);
    octets[16] = (uint8_t)(whole >> 8);
    octets[17] = (uint8_t)whole;
    octets[18] = BGP_MESSAGE_UPDATE;
    memcpy(octets + HEADER_SIZE, body, size);
    const struct wire_span span = {octets, whole};
    if (bgp_decode(span, options, &arenas[0], &message, &fault) == PCE_OK)
        feed_update(feed, &message.update, &arenas[1]);
    arena_reset(&arenas[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    const struct rib_limits limits = {.objects_max = 2000, .octets_max = 1 << 20};
    const struct rib_source_spec specs[] = {{.name = "a", .rank = 1}, {.name = "b", .rank = 2}};
    struct rib *rib = rib_create(&limits);
    struct feed feeds[2];
    struct arena arenas[2];
    CHECK(rib != NULL);
    for (unsigned i = 0; i < 2; i++)
        arena_init(&arenas[i], (size_t)8 << 20);
    for (unsigned i = 0; i < 2; i++)
        CHECK(feed_init(&feeds[i], rib, &specs[i]) == PCE_OK); /* cannot fail: two of many */
    for (size_t at = 0; at < size;) {
        uint8_t what = octets[at++];
        struct feed *feed = &feeds[what & 1U];
        if ((what & 0x80U) != 0) {
            feed_change_table(feed, (enum bgp_table_change)((what >> 1 & 3U) % 3U));
            continue;
        }
        if (size - at < 2)
            break;
        size_t length = (size_t)octets[at] << 8 | octets[at + 1];
        at += 2;
        length = length < size - at ? length : size - at;
        tell(feed, octets + at, length, arenas);
        at += length;
        if ((what & 0x40U) != 0)
            check_network(rib);
    }
    check_network(rib);
    for (unsigned i = 0; i < 2; i++)
        feed_fini(&feeds[i]);
    CHECK(rib_counts(rib)->octets == 0);
    rib_destroy(rib);
    arena_fini(&arenas[0]);
    arena_fini(&arenas[1]);
    return 0;
}
