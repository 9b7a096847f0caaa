/* The RIB against networks that are known whole: each is torn into what routers of two routing
 * domains tell, told by several sources in any order, with lies of those that are not believed,
 * repetitions, withdrawals, restarts and noise; the merged network must be the whole one.
 *
 * PCED_RIB_MODEL_CASES: how many networks. */
#include "tests/lib/network_text.h"
#include "tests/model/rib/world.h"

#include <string.h>

#define CASES_DEFAULT 26000

/* ---- memory that is refused: of one network in MEMORY_EVERY each allocation once ---- */

#define MEMORY_EVERY 500

uint64_t memory_refuse_at; /* the allocation that fails, counted down; 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool is_refused(void)
{
    return memory_refuse_at > 0 && --memory_refuse_at == 0;
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
        memory_refuse_at = at;
        status = rib_merge(rib, "model", &snapshot, findings);
        memory_refuse_at = 0;
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
        struct rib_name from = world_name_of(w, 0, OSPF), to = world_name_of(w, 1, OSPF);
        struct rib_put put = {.source = source, .key = {&key, sizeof key}, .node = from};
        from.octets[1] = to.octets[1] = 77; /* names that nobody has yet */
        memory_refuse_at = at;
        status = rib_put_link(rib, &put, &to, &link);
        memory_refuse_at = 0;
        WANT(status == PCE_OK || rib_counts(rib)->octets == before.octets);
    }
    rib_remove_source(rib, source);
    WANT(rib_counts(rib)->octets == before.octets);
}

static void run(struct world *w, uint64_t number)
{
    static struct rib_findings findings;
    const struct rib_limits limits = {.objects_max = 100000, .octets_max = 100000000};
    world_make(w);
    tell_choose(w);
    world_tear(w);
    static struct twins twins;
    struct rib *rib = rib_create(&limits);
    struct ted_snapshot *whole = world_build(w), *merged;
    struct random before = w->random;
    tell_all(w, rib);
    twins.whole = rib_create(&limits);
    w->random = before;
    tell_all(w, twins.whole);
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
    events_run(w, number, &twins, number % MEMORY_EVERY == 0);
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
    printf("%llu networks merged as they are; of changes\n", (unsigned long long)cases);
    events_print();
    return 0;
}
