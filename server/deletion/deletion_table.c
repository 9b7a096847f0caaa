/* The deletions of a shard, by PCC and name. */
#include "core/base/check.h"
#include "server/deletion/deletions_impl.h"
#include "server/log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *deletion_state_text(enum deletion_state state)
{
    static const char *const texts[DELETION_STATE_COUNT] = {
        [DELETION_KEEPING] = "keeping",   [DELETION_WAITING] = "waiting",
        [DELETION_ORDERED] = "ordered",   [DELETION_REFUSED] = "refused",
        [DELETION_CLEANING] = "cleaning",
    };
    return texts[state];
}

struct wire_span deletion_name(const struct deletion *deletion)
{
    return (struct wire_span){(const uint8_t *)deletion->name, deletion->name_size};
}

void deletion_log(const struct deletion *deletion, bool is_over, const char *why)
{
    static struct log_site taken = LOG_SITE(INFO, "LSP is to be deleted, and that is kept");
    static struct log_site over = LOG_SITE(INFO, "LSP need not be deleted any more");
    char name[LSP_NAME_MAX + 1];
    struct log_line line;
    if (!log_begin(&line, is_over ? &over : &taken))
        return;
    log_peer(&line, &deletion->pcc, 0);
    (void)snprintf(name, sizeof name, "%.*s", (int)deletion->name_size, deletion->name);
    log_text(&line, "name", name);
    if (why != NULL)
        log_text(&line, "why", why);
    log_end(&line);
}

/* ---- the table ---- */

bool deletion_is_equal(const struct map_node *node, const void *key)
{
    const struct deletion *deletion =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct deletion, node);
    const struct deletion_key *wanted = key;
    return deletion->name_size == wanted->name.size &&
           memcmp(deletion->name, wanted->name.octets, wanted->name.size) == 0 &&
           ip_is_equal(&deletion->pcc, wanted->pcc);
}

static uint64_t deletion_hash(const struct deletion_key *key)
{
    return map_hash_with(key->name.octets, key->name.size,
                         map_hash(key->pcc->octets, ip_size(key->pcc)));
}

struct deletion *deletion_find(struct deletions *deletions, const struct ip *pcc,
                               struct wire_span name)
{
    const struct deletion_key key = {pcc, name};
    struct map_node *node = map_find(&deletions->map, deletion_hash(&key), &key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct deletion, node);
}

struct deletion *deletion_create(struct deletions *deletions, const struct ip *pcc,
                                 struct wire_span name, uint8_t setup_type)
{
    const struct deletion_key key = {pcc, name};
    struct deletion *deletion = calloc(1, sizeof *deletion);
    if (deletion == NULL)
        return NULL;
    deletion->pcc = *pcc;
    deletion->setup_type = setup_type;
    deletion->since = deletions->shard->now;
    deletion->state = DELETION_WAITING;
    deletion->name_size = (uint8_t)name.size;
    memcpy(deletion->name, name.octets, name.size);
    list_init(&deletion->due);
    if (map_insert(&deletions->map, &deletion->node, deletion_hash(&key), &key) != PCE_OK) {
        free(deletion);
        return NULL;
    }
    deletion->id = ++deletions->last_id;
    list_push_back(&deletions->all, &deletion->link);
    counter_add(&deletions->shard->counters.deletions, 1);
    return deletion;
}

void deletion_destroy(struct deletions *deletions, struct deletion *deletion)
{
    const struct deletion_key key = {&deletion->pcc, deletion_name(deletion)};
    CHECK(!deletion->is_at_store);
    (void)map_remove(&deletions->map, deletion_hash(&key), &key);
    list_remove(&deletion->link);
    list_remove(&deletion->due);
    counter_subtract(&deletions->shard->counters.deletions, 1);
    free(deletion);
}

void deletion_touch(struct deletions *deletions, struct deletion *deletion)
{
    if (!list_is_linked(&deletion->due))
        list_push_back(&deletions->due, &deletion->due);
}
