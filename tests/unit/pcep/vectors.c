/* Messages of other implementations, where the reference data is present: decoded without a fault
 * and encoded to the same octets. */
#include "core/pcep/json.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>

static unsigned decoded_count;
static unsigned encoded_count;
static unsigned json_count;

static bool json_encodes_to(const struct pcep_message *message, const struct octets *octets)
{
    struct arena arena;
    struct pcep_message again;
    struct pcep_json_error error;
    json_t *json = pcep_to_json(message, NULL);
    arena_init(&arena, 1U << 24);
    bool is_same =
        pcep_from_json(json, &arena, &again, &error) == PCE_OK && encodes_to(&again, octets);
    arena_fini(&arena);
    json_decref(json);
    return is_same;
}

static void check_vector(const char *path)
{
    struct octets octets = read_file(path);
    struct decoded decoded;
    decoded_init(&decoded, &octets);
    bool is_good = decoded.status == PCE_OK && !pcep_fault_is_set(&decoded.fault);
    bool is_same = encodes_to(&decoded.message, &octets);
    bool is_json_same = json_encodes_to(&decoded.message, &octets);
    cr_expect(is_good, "%s: %s", path, decoded.fault.reason);
    cr_expect(is_same, "%s: encoded to other octets", path);
    cr_expect(is_json_same, "%s: its JSON gives other octets", path);
    decoded_count += is_good;
    encoded_count += is_same;
    json_count += is_json_same;
    decoded_fini(&decoded);
    octets_free(&octets);
}

static void check_folder(const char *folder)
{
    const char *path = shared_path(folder);
    if (path == NULL)
        return;
    unsigned count = for_each_file(path, ".bin", check_vector);
    cr_expect(count > 0, "%s is empty", path);
    printf("%s: %u messages, %u decoded, %u encoded to the same octets, %u through JSON\n", folder,
           count, decoded_count, encoded_count, json_count);
}

Test(vectors, of_a_live_router_decode_and_encode)
{
    check_folder("vectors/frr-live");
}

Test(vectors, that_were_published_decode_and_encode)
{
    check_folder("vectors/published");
}
