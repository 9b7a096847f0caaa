/* One thread writes the log of the network while others read it: what is read is one change, whole. */
#include "server/settings/network_log.h"
#include "core/base/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define CHANGES (20 * NETWORK_LOG_RECORDS)
#define READERS 2

static struct network_log *network_log;
static atomic_bool is_over;

static void *write_changes(void *context)
{
    (void)context;
    for (unsigned i = 1; i <= CHANGES; i++) {
        struct network_change change = {.generation = i, .at_s = i, .what = "came", .kind = "node"};
        (void)snprintf(change.node, sizeof change.node, "%u", i);
        (void)snprintf(change.text, sizeof change.text, "%u", i);
        network_log_add(network_log, &change);
    }
    atomic_store(&is_over, true);
    return NULL;
}

static void check_change(const struct network_change *change, uint64_t sequence)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)sequence);
    CHECK(change->sequence == sequence && change->generation == sequence);
    CHECK(change->at_s >= (double)sequence && change->at_s <= (double)sequence);
    for (unsigned i = 0; i <= 1; i++) {
        const char *told = i == 0 ? change->node : change->text;
        for (size_t c = 0; text[c] != '\0' || told[c] != '\0'; c++)
            CHECK(told[c] == text[c]);
    }
}

static void *read_changes(void *context)
{
    uint64_t *found = context, next = 1;
    while (!atomic_load(&is_over) || next <= network_log_last(network_log)) {
        uint64_t last = network_log_last(network_log);
        struct network_change change;
        if (last >= next + NETWORK_LOG_RECORDS - 1)
            next = last - NETWORK_LOG_RECORDS + 1;
        for (; next <= last; next++)
            if (network_log_read(network_log, next, &change)) {
                check_change(&change, next);
                (*found)++;
            }
    }
    return NULL;
}

int main(void)
{
    pthread_t writer, readers[READERS];
    uint64_t found[READERS] = {0};
    network_log = network_log_create();
    CHECK(network_log != NULL);
    for (unsigned i = 0; i < READERS; i++)
        CHECK(pthread_create(&readers[i], NULL, read_changes, &found[i]) == 0);
    CHECK(pthread_create(&writer, NULL, write_changes, NULL) == 0);
    CHECK(pthread_join(writer, NULL) == 0);
    for (unsigned i = 0; i < READERS; i++) {
        CHECK(pthread_join(readers[i], NULL) == 0);
        CHECK(found[i] > 0);
        printf("%llu of %u changes read\n", (unsigned long long)found[i], CHANGES);
    }
    network_log_destroy(network_log);
    return 0;
}
