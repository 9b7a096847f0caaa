#include "server/intent/intent_seeds.h"

#include "core/intent/intent_record.h"
#include "server/log/log.h"
#include "server/store/stored.h"

#include <stdlib.h>
#include <string.h>

/* The name may be anything: it is shown as far as it prints. */
static void seeds_log(struct wire_span name)
{
    static struct log_site site = LOG_SITE(WARNING, "stored intent left alone: its name is none");
    struct log_line line;
    char text[128];
    size_t size = name.size < sizeof text - 1 ? name.size : sizeof text - 1;
    for (size_t i = 0; i < size; i++)
        text[i] = '?';
    for (size_t i = 0; i < size; i++)
        if (name.octets[i] >= ' ' && name.octets[i] <= '~')
            text[i] = (char)name.octets[i];
    text[size] = '\0';
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "record", text);
    log_end(&line);
}

/* The name and the octets lie behind it. */
static struct intent_seed *seeds_make(const char *name, struct wire_span octets)
{
    size_t name_size = strlen(name) + 1;
    struct intent_seed *seed = calloc(1, sizeof *seed + name_size + octets.size);
    if (seed == NULL)
        return NULL;
    char *at = (char *)(seed + 1);
    memcpy(at, name, name_size);
    memcpy(at + name_size, octets.octets, octets.size);
    seed->name = at;
    seed->octets = (struct wire_span){(const uint8_t *)at + name_size, octets.size};
    return seed;
}

static enum pce_status seeds_visit(void *context, struct wire_span key, struct wire_span octets)
{
    struct intent_seeds *seeds = context;
    struct ip pcc;
    char name[INTENT_NAME_MAX + 1];
    if (!intent_key_parse(key, &pcc, name)) {
        seeds->unnamed++;
        seeds_log(key);
        return PCE_OK;
    }
    struct intent_seed *seed = seeds_make(name, octets);
    if (seed == NULL)
        return PCE_NO_MEMORY;
    seed->pcc = pcc;
    if (seeds->last == NULL)
        seeds->first = seed;
    else
        seeds->last->next = seed;
    seeds->last = seed;
    seeds->count++;
    return PCE_OK;
}

enum pce_status intent_seeds_read(struct stored *stored, struct intent_seeds *seeds,
                                  struct failure *failure)
{
    *seeds = (struct intent_seeds){.first = NULL};
    if (stored == NULL)
        return PCE_OK;
    enum pce_status status = stored_walk(stored, RECORD_KIND_INTENT, seeds_visit, seeds, failure);
    if (status == PCE_NO_MEMORY)
        return failure_set(failure, status, "no memory for the intents of the store");
    return status;
}

void intent_seeds_fini(struct intent_seeds *seeds)
{
    struct intent_seed *seed = seeds->first;
    while (seed != NULL) {
        struct intent_seed *next = (struct intent_seed *)(uintptr_t)seed->next;
        free(seed);
        seed = next;
    }
    *seeds = (struct intent_seeds){.first = NULL};
}
