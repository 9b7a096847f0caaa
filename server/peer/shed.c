#include "server/peer/shed.h"

#include "server/peer/peer_send.h"
#include "server/peer/peers.h"

#include <stdatomic.h>

#define SHED_TELL_MS 50

/* Adds what has changed here, and tells the sum of all shards. */
static uint64_t publish(struct shard *shard)
{
    struct peers *peers = shard->peers;
    _Atomic uint64_t *sum = &shard->shared->pending_octets;
    uint64_t octets = peers->pending.octets;
    uint64_t change = octets - peers->pending_published; /* modulo 2^64: it may fall */
    if (change == 0)
        return atomic_load_explicit(sum, memory_order_relaxed);
    peers->pending_published = octets;
    counter_set(&shard->counters.pending_octets, octets);
    counter_set(&shard->counters.pending_worst, pending_worst_floor(&peers->pending));
    return atomic_fetch_add_explicit(sum, change, memory_order_relaxed) + change;
}

/* The shard whose worst peer is worse than ours by its power of two; NULL when none is. */
static struct shard *find_worse(const struct shard *shard)
{
    uint64_t most = pending_worst_floor(&shard->peers->pending);
    struct shard *worse = NULL;
    for (unsigned i = 0; i < shard->shared->shard_count; i++) {
        struct shard *other = &shard->shared->shards[i];
        uint64_t floor = other == shard ? 0 : counter_get(&other->counters.pending_worst);
        if (floor > most) {
            most = floor;
            worse = other;
        }
    }
    return worse;
}

static void shed_tell(struct shard *shard, struct shard *worse)
{
    /* Told once in a while: it needs a turn to act, and the sum one more to show it. */
    if (mono_is_before(shard->now, shard->peers->shed_told_until))
        return;
    shard->peers->shed_told_until = mono_add_ms(shard->now, SHED_TELL_MS);
    struct mail mail = {.kind = SHARD_MAIL_SHED, .from = shard->index};
    (void)!mailbox_post(worse->mailbox, &mail, shard->ring);
}

/* The worst peer goes; how many octets that frees, 0 when there is none to go. */
static uint64_t drop_worst(struct shard *shard)
{
    struct pending_entry *entry = pending_worst(&shard->peers->pending);
    if (entry == NULL)
        return 0;
    struct peer *peer = CONTAINER_OF(entry, struct peer, pending);
    uint64_t octets = entry->octets;
    if (peer_is_served(peer)) {
        peer_send_mark_stalled(peer, PEER_STALL_TOTAL);
        peer_send_stall(peer);
    } else {
        peer_reset(peer); /* its session is over, and it does not take what is left */
        pending_set(&shard->peers->pending, entry, 0);
    }
    return octets;
}

static void shed(struct shard *shard, uint64_t excess)
{
    uint64_t freed = 0;
    for (unsigned i = 0; i < SHED_BATCH && freed < excess; i++) {
        uint64_t octets = drop_worst(shard);
        if (octets == 0)
            break;
        freed += octets;
    }
    (void)publish(shard);
}

static uint64_t shed_limit_of(const struct shard *shard)
{
    return shard->settings->pending_total;
}

static void on_turn(struct shard *shard)
{
    uint64_t sum = publish(shard);
    uint64_t limit = shed_limit_of(shard);
    bool is_short = shard->peers->is_short;
    shard->peers->is_short = false;
    if (is_short) {
        counter_add(&shard->counters.memory_short, 1);
        shed(shard, 1);
    } else if (sum > limit) {
        struct shard *worse = find_worse(shard);
        if (worse != NULL)
            shed_tell(shard, worse);
        else
            shed(shard, sum - limit);
    }
}

/* Another shard has found this one to hold the worst peer. */
static void on_mail(struct shard *shard, const struct mail *mail)
{
    (void)mail;
    uint64_t sum = publish(shard);
    uint64_t limit = shed_limit_of(shard);
    if (sum > limit)
        shed(shard, sum - limit);
}

/* Takes its part out of the sum. */
static void shed_fini(struct shard *shard)
{
    (void)publish(shard);
}

const struct shard_part shed_part = {
    .name = "shed",
    .mails = UINT32_C(1) << SHARD_MAIL_SHED,
    .on_mail = on_mail,
    .on_turn = on_turn,
    .fini = shed_fini,
};
