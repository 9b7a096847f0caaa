#include "server/deletion/deletion_seeds.h"

#include "server/log/log.h"

#include <stdlib.h>
#include <string.h>

size_t deletion_key_format(const struct ip *pcc, struct wire_span name,
                           uint8_t key[DELETION_KEY_MAX])
{
    char address[IP_TEXT_SIZE];
    struct wire_writer writer = wire_writer_init(key, DELETION_KEY_MAX);
    (void)ip_format(pcc, address);
    wire_put_octets(&writer, address, strlen(address));
    wire_put_u8(&writer, '/');
    wire_put_octets(&writer, name.octets, name.size);
    return wire_written(&writer); /* the longest of both fit */
}

static bool deletion_key_parse(struct wire_span key, struct deletion_seed *seed)
{
    char address[IP_TEXT_SIZE] = "";
    const uint8_t *slash = memchr(key.octets, '/', key.size);
    const size_t size = slash == NULL ? 0 : (size_t)(slash - key.octets);
    if (size == 0 || size >= sizeof address)
        return false;
    const size_t name_size = key.size - size - 1;
    memcpy(address, key.octets, size);
    if (!ip_parse(address, &seed->pcc) || name_size == 0 || name_size > sizeof seed->name)
        return false;
    seed->name_size = (uint8_t)name_size;
    memcpy(seed->name, slash + 1, name_size);
    return true;
}

static void deletion_seeds_log(size_t size)
{
    static struct log_site site = LOG_SITE(WARNING, "stored deletion cannot be read: left alone");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_number(&line, "octets_of_name", size);
    log_end(&line);
}

static enum pce_status deletion_seeds_visit(void *context, struct wire_span key,
                                            struct wire_span octets)
{
    struct deletion_seeds *seeds = context;
    struct deletion_seed *seed = calloc(1, sizeof *seed);
    if (seed == NULL)
        return PCE_NO_MEMORY;
    if (!deletion_key_parse(key, seed) || octets.size != 1) {
        deletion_seeds_log(key.size);
        free(seed);
        return PCE_OK;
    }
    seed->setup_type = octets.octets[0];
    seed->next = seeds->first;
    seeds->first = seed;
    return PCE_OK;
}

enum pce_status deletion_seeds_read(struct stored *stored, struct deletion_seeds *seeds,
                                    struct failure *failure)
{
    *seeds = (struct deletion_seeds){.first = NULL};
    if (stored == NULL)
        return PCE_OK;
    enum pce_status status =
        stored_walk(stored, RECORD_KIND_DELETION, deletion_seeds_visit, seeds, failure);
    if (status == PCE_NO_MEMORY)
        return failure_set(failure, status, "no memory for the deletions of the store");
    return status;
}

void deletion_seeds_fini(struct deletion_seeds *seeds)
{
    while (seeds->first != NULL) {
        struct deletion_seed *seed = seeds->first;
        seeds->first = (struct deletion_seed *)(uintptr_t)seed->next;
        free(seed);
    }
}
