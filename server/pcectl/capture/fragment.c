#include "server/pcectl/capture/fragment.h"

#include "core/base/check.h"

#include <stdlib.h>

#define UNIT 8U

void fragment_init(struct fragment_table *table, fragment_lost_fn *on_lost, void *context)
{
    *table = (struct fragment_table){.on_lost = on_lost, .context = context};
}

static void set_destroy(struct fragment_set *set)
{
    if (set == NULL)
        return;
    free(set->octets);
    free(set);
}

/* Takes a datagram out of the table; the caller has it then. */
static struct fragment_set *set_take(struct fragment_table *table, uint32_t index)
{
    CHECK(index < table->set_count);
    struct fragment_set *set = table->sets[index];
    table->set_count--;
    for (uint32_t i = index; i < table->set_count; i++)
        table->sets[i] = table->sets[i + 1];
    return set;
}

static void set_lose(struct fragment_table *table, uint32_t index, const char *reason)
{
    struct fragment_set *set = set_take(table, index);
    table->on_lost(table->context, set, reason);
    set_destroy(set);
}

void fragment_flush(struct fragment_table *table)
{
    while (table->set_count > 0)
        set_lose(table, 0, "fragments of a datagram are missing");
}

void fragment_fini(struct fragment_table *table)
{
    while (table->set_count > 0)
        set_destroy(set_take(table, 0));
    set_destroy(table->whole);
    table->whole = NULL;
}

/* Datagrams that waited too long by the clock of the capture. */
static void fragment_expire(struct fragment_table *table, const struct capture_time *now)
{
    while (table->set_count > 0) {
        const struct fragment_set *set = table->sets[0];
        /* A difference without overflow, whatever the clocks say. */
        uint64_t age = (uint64_t)now->s - (uint64_t)set->time.s;
        bool is_old =
            now->is_known && set->time.is_known && now->s > set->time.s && age > FRAGMENT_WAIT_S;
        if (!is_old)
            return;
        set_lose(table, 0, "fragments of a datagram did not come in time");
    }
}

static bool is_same_datagram(const struct packet_ip *a, const struct packet_ip *b)
{
    return a->id == b->id && ip_is_equal(&a->source, &b->source) &&
           ip_is_equal(&a->destination, &b->destination) &&
           (a->source.family == IP_V6 || a->protocol == b->protocol);
}

/* Its place in the table; set_count when it is not there. */
static uint32_t set_find(const struct fragment_table *table, const struct packet_ip *ip)
{
    uint32_t index = 0;
    while (index < table->set_count && !is_same_datagram(&table->sets[index]->ip, ip))
        index++;
    return index;
}

/* Adds a datagram after the others: the list is in the order of age. */
static bool set_create(struct fragment_table *table, const struct packet_ip *ip,
                       const struct capture_packet *packet)
{
    if (table->set_count == FRAGMENT_SETS_MAX)
        set_lose(table, 0, "too many datagrams in fragments at once");
    CHECK(table->set_count < FRAGMENT_SETS_MAX);
    struct fragment_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return false;
    set->ip = *ip;
    set->ip.payload = (struct wire_span){NULL, 0};
    set->time = packet->time;
    table->sets[table->set_count++] = set;
    return true;
}

static bool fragment_reserve(struct fragment_set *set, uint32_t room)
{
    CHECK(room <= FRAGMENT_SIZE_MAX);
    if (room <= set->room)
        return true;
    uint32_t doubled = 2 * room < FRAGMENT_SIZE_MAX ? 2 * room : FRAGMENT_SIZE_MAX;
    uint8_t *octets = realloc(set->octets, doubled);
    if (octets == NULL)
        return false;
    set->octets = octets;
    set->room = doubled;
    return true;
}

/* Units of the part; the last part need not fill its last one. */
static bool is_marked(const struct fragment_set *set, uint32_t unit)
{
    CHECK(unit / 8 < sizeof set->units);
    return ((unsigned)set->units[unit / 8] >> (unit % 8) & 1U) != 0;
}

/* Copies the part in where nothing stands; false when it differs from what stands there. */
static bool fragment_merge(struct fragment_set *set, const struct packet_ip *ip)
{
    uint32_t size = (uint32_t)ip->payload.size;
    CHECK(set->octets != NULL);
    CHECK(ip->offset + size <= set->room);
    for (uint32_t at = 0; at < size; at += UNIT) {
        uint32_t unit = (ip->offset + at) / UNIT;
        uint32_t part = size - at < UNIT ? size - at : UNIT;
        uint8_t *to = set->octets + ip->offset + at;
        if (is_marked(set, unit)) {
            if (memcmp(to, ip->payload.octets + at, part) != 0)
                return false;
            continue;
        }
        memcpy(to, ip->payload.octets + at, part);
        set->units[unit / 8] |= (uint8_t)(1U << unit % 8);
        set->unit_count++;
    }
    return true;
}

/* Why the part cannot be of this datagram; NULL when it can. */
static const char *objection(const struct fragment_set *set, const struct packet_ip *ip)
{
    uint32_t end = ip->offset + ip->payload_size;
    if (ip->payload.size < ip->payload_size)
        return "a fragment was not captured whole";
    if (ip->payload_size == 0 || ip->payload_size >= FRAGMENT_SIZE_MAX || end >= FRAGMENT_SIZE_MAX)
        return "a fragment reaches past the largest datagram";
    if (ip->has_more && ip->payload_size % UNIT != 0)
        return "a fragment in the middle has an odd length";
    if (set->size > 0 && (end > set->size || (!ip->has_more && end != set->size)))
        return "fragments do not agree about the length of the datagram";
    return NULL;
}

static enum pce_status fragment_take(struct fragment_table *table, uint32_t index,
                                     const struct packet_ip *ip)
{
    struct fragment_set *set = table->sets[index];
    uint32_t end = ip->offset + ip->payload_size;
    const char *reason = objection(set, ip);
    if (reason != NULL) {
        set_lose(table, index, reason);
        return PCE_INVALID;
    }
    if (!fragment_reserve(set, end)) {
        set_lose(table, index, "no memory for a datagram in fragments");
        return PCE_NO_MEMORY;
    }
    if (ip->offset == 0) /* the header that the first part names is the one that counts */
        set->ip.protocol = ip->protocol;
    if (!ip->has_more)
        set->size = end;
    if (!fragment_merge(set, ip)) {
        set_lose(table, index, "fragments of a datagram overlap and differ");
        return PCE_INVALID;
    }
    /* A part beyond the end makes a count that the end does not have: found here, too. */
    if (set->size == 0 || set->unit_count < (set->size + UNIT - 1) / UNIT)
        return PCE_AGAIN;
    if (set->unit_count == (set->size + UNIT - 1) / UNIT)
        return PCE_OK;
    set_lose(table, index, "fragments do not agree about the length of the datagram");
    return PCE_INVALID;
}

enum pce_status fragment_put(struct fragment_table *table, struct packet_ip *ip,
                             const struct capture_packet *packet)
{
    set_destroy(table->whole);
    table->whole = NULL;
    fragment_expire(table, &packet->time);
    uint32_t index = set_find(table, ip);
    if (index == table->set_count) {
        if (!set_create(table, ip, packet))
            return PCE_NO_MEMORY;
        index = table->set_count - 1; /* the table may have lost its oldest */
    }
    table->sets[index]->number = packet->number;
    enum pce_status status = fragment_take(table, index, ip);
    if (status != PCE_OK)
        return status;
    struct fragment_set *set = set_take(table, index);
    table->whole = set;
    ip->protocol = set->ip.protocol;
    ip->is_fragment = false;
    ip->payload = (struct wire_span){set->octets, set->size};
    ip->payload_size = set->size;
    return PCE_OK;
}
