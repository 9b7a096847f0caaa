/* Fuzzer of the readers of other people's networks: whatever the octets are, there is a network that
 * is written and read again as it is, or a fault that says something. The first octet chooses the
 * format, so that each reader sees texts that nobody would take for its own. */
#include "core/import/import.h"
#include "core/base/check.h"
#include "core/ted/topology_file.h"
#include "core/ted/topology_write.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static bool put_text(void *context, const char *part, size_t size)
{
    topo_text_add(context, part, size);
    return true;
}

static void check_network(const struct ted_snapshot *snapshot)
{
    struct topo_text texts[2];
    struct ted_snapshot *again;
    struct ted_fault fault;
    uint64_t bent;
    for (unsigned i = 0; i < 2; i++)
        topo_text_init(&texts[i], TOPOLOGY_YAML);
    CHECK(topology_write(snapshot, TOPOLOGY_YAML, put_text, &texts[0], &bent) == PCE_OK);
    CHECK(bent == 0);
    CHECK(topology_file_read(texts[0].octets, texts[0].size, &again, &fault) == PCE_OK);
    CHECK(topology_write(again, TOPOLOGY_YAML, put_text, &texts[1], &bent) == PCE_OK);
    CHECK(texts[0].size == texts[1].size);
    CHECK(memcmp(texts[0].octets, texts[1].octets, texts[0].size) == 0);
    ted_snapshot_destroy(again);
    for (unsigned i = 0; i < 2; i++)
        topo_text_fini(&texts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    struct import import;
    struct ted_fault fault;
    if (size == 0)
        return 0;
    const unsigned chosen = octets[0] % (IMPORT_FORMAT_COUNT + 1);
    const struct import_options options = {.is_forced = chosen != IMPORT_FORMAT_COUNT,
                                           .format = (enum import_format)chosen,
                                           .keeps_external = (octets[0] & 0x80U) != 0,
                                           .capacity = 1e9};
    enum pce_status status =
        import_read((const char *)octets + 1, size - 1, &options, &import, &fault);
    if (status == PCE_OK) {
        check_network(import.snapshot);
        import_fini(&import);
    } else {
        CHECK(fault.reason[0] != '\0');
    }
    return 0;
}
