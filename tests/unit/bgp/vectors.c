/* Messages that FRR sent, from the reference data: each decodes without a fault, is encoded back, and
 * says what an independent decoder says of it (value by value in tests/scenario/tshark_bgp.py). */
#include "core/bgp/ls.h"
#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static unsigned announced[RIB_KIND_COUNT];

static void note_objects(const struct bgp_update *update, struct arena *arena, const char *path)
{
    const struct bgp_attribute *reach = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    for (uint32_t i = 0; reach != NULL && i < reach->nlri_count; i++) {
        struct bgp_ls_object object;
        enum pce_status status = bgp_ls_read(
            &reach->nlris[i], bgp_find_attribute(update, BGP_ATTRIBUTE_BGP_LS), arena, &object);
        cr_expect(status == PCE_OK && object.has_attribute, "%s: NLRI %u", path, i);
        announced[object.kind]++;
    }
}

static void check_vector(const char *path)
{
    struct octets octets = read_hex_file(path);
    struct bgp_decoded decoded;
    bgp_decoded_init(&decoded, &octets);
    cr_expect(decoded.status == PCE_OK, "%s: %s", path, decoded.fault.reason);
    cr_expect_not(bgp_fault_is_set(&decoded.fault), "%s: %s", path, decoded.fault.reason);
    cr_expect(bgp_encodes_to(&decoded.message, &octets), "%s: other octets", path);
    if (decoded.message.type == BGP_MESSAGE_UPDATE)
        note_objects(&decoded.message.update, &decoded.arena, path);
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
}

Test(vectors, what_frr_sends_is_read)
{
    const char *folder = shared_path("vectors/bgp-ls");
    if (folder == NULL)
        return;
    unsigned count = for_each_file(folder, ".hex", check_vector);
    printf("%u messages of FRR: %u nodes, %u links, %u prefixes, %u SRv6 SIDs\n", count,
           announced[RIB_KIND_NODE], announced[RIB_KIND_LINK], announced[RIB_KIND_PREFIX],
           announced[RIB_KIND_SRV6_SID]);
    cr_expect(count > 0 && announced[RIB_KIND_NODE] > 0 && announced[RIB_KIND_LINK] > 0);
}
