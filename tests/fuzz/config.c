/* Fuzzer of the configuration reader: whatever the octets, it ends with a configuration inside its
 * ranges or with a fault that has a reason. */
#include "core/base/check.h"
#include "server/config/config_table.h"
#include "server/settings/settings.h"

#include <string.h>

static void check_key(const struct config *config, const struct config_key *key)
{
    const char *member = (const char *)config + key->offset;
    uint32_t number;
    switch (key->kind) {
    case CONFIG_KIND_UINT:
        memcpy(&number, member, sizeof number);
        CHECK(number >= key->min && number <= key->max);
        break;
    case CONFIG_KIND_HOLD:
        memcpy(&number, member, sizeof number);
        CHECK(number == CONFIG_HOLD_OFF || number == CONFIG_HOLD_AUTO ||
              (number >= key->min && number <= key->max));
        break;
    case CONFIG_KIND_ENUM:
        memcpy(&number, member, sizeof number);
        CHECK(number < key->word_count);
        break;
    case CONFIG_KIND_TEXT:
        CHECK(memchr(member, '\0', key->size) != NULL);
        break;
    case CONFIG_KIND_ADDRESSES:
        memcpy(&number, member, sizeof number);
        CHECK(number >= 1 && number <= CONFIG_ADDRESSES_MAX);
        break;
    case CONFIG_KIND_BOOL:
    case CONFIG_KIND_PREFIXES:
        break;
    }
}

/* What each peer gets is inside the ranges as well, and every good configuration can be published.
 */
static void check_peers(const struct config *config)
{
    struct settings *settings = settings_create(config, 1);
    CHECK(settings != NULL);
    for (uint32_t i = 0; i < peer_table_count(settings->peers); i++) {
        const struct peer_entry *entry = peer_table_at(settings->peers, i);
        CHECK(peer_table_find(settings->peers, &entry->prefix) != NULL);
        CHECK(entry->policy->pending_hard > entry->policy->pending_soft);
        CHECK(entry->policy->generation == 1);
    }
    settings_destroy(settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    static struct config config;
    struct config_fault fault;
    if (size > CONFIG_FILE_SIZE_MAX)
        return 0;
    enum pce_status status = config_read((const char *)octets, size, "/folder", &config, &fault);
    if (status != PCE_OK) {
        CHECK(fault.reason[0] != '\0');
        return 0;
    }
    for (size_t i = 0; i < config_table_count; i++)
        check_key(&config, &config_table[i]);
    CHECK(config.limits.pending_hard > config.limits.pending_soft);
    check_peers(&config);
    config_fini(&config);
    return 0;
}
