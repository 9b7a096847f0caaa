/* An intent as JSON, as an operator sends it: any text is refused with the member that is wrong, or
 * becomes an intent that is written, read again and written to the same. The first two octets are
 * the limits. */
#include "core/base/check.h"
#include "core/intent/intent_json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

/* As what the shard relies on. */
static void check_intent(const struct intent *intent, const struct intent_limits *limits)
{
    CHECK(intent->path_count >= 1 && intent->path_count <= limits->paths_max);
    CHECK(intent->source.family == intent->endpoint.family && intent->source.family != IP_NONE);
    for (uint32_t i = 0; i < intent->path_count; i++) {
        const struct intent_path *path = &intent->paths[i];
        CHECK(intent_name_is_valid(path->name, INTENT_LSP_NAME_MAX));
        CHECK(strlen(path->name) == path->name_size);
        CHECK(path->is_dynamic == (path->hop_count == 0) && path->hop_count <= limits->hops_max);
        CHECK(path->holding_priority <= path->setup_priority && path->setup_priority <= 7);
        CHECK(path->bandwidth >= 0);
    }
}

static void check_same(const struct intent *intent, const struct intent_key *key)
{
    static const struct intent_limits limits = {INTENT_PATHS_MAX, INTENT_HOPS_MAX};
    struct intent_fault fault = {.field = ""};
    struct intent *again = NULL;
    json_t *json = intent_write(intent);
    CHECK(json != NULL);
    CHECK(intent_read(json, key, &limits, &again, &fault) == PCE_OK);
    json_t *second = intent_write(again);
    CHECK(second != NULL && json_equal(json, second));
    json_decref(second);
    json_decref(json);
    intent_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    struct intent_key key = {.name = "name"};
    struct intent_fault fault = {.field = ""};
    struct intent *intent = NULL;
    if (size < 2 || !ip_parse("192.0.2.1", &key.pcc))
        return 0;
    const struct intent_limits limits = {1 + octets[0] % INTENT_PATHS_MAX,
                                         1 + octets[1] % INTENT_HOPS_MAX};
    json_t *json = json_loadb((const char *)octets + 2, size - 2,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (json == NULL)
        return 0;
    enum pce_status status = intent_read(json, &key, &limits, &intent, &fault);
    CHECK((status == PCE_OK) == (intent != NULL));
    CHECK((status == PCE_INVALID) == (fault.reason != NULL));
    if (intent != NULL) {
        check_intent(intent, &limits);
        check_same(intent, &key);
    }
    intent_destroy(intent);
    json_decref(json);
    return 0;
}
