#include "server/peer/admission.h"

#include "core/base/check.h"
#include "server/peer/peer_impl.h"

/* Peers that have spoken since they were listed, and leave the list when they are met. */
#define STALE_MAX 1024
/* Of limits.half-open, for one prefix, and the minimum of it. */
#define PREFIX_SHARE 16
#define PREFIX_MIN   16

static struct half_open_limits admission_limits_of(const struct shard *shard, bool is_known)
{
    const struct config_limits *limits = &shard->settings->config.limits;
    uint32_t prefix_max = limits->half_open_per_prefix_max;
    if (prefix_max == 0)
        prefix_max = limits->half_open_max / PREFIX_SHARE;
    if (limits->half_open_per_prefix_max == 0 && prefix_max < PREFIX_MIN)
        prefix_max = PREFIX_MIN;
    return (struct half_open_limits){
        .total_max = limits->half_open_max,
        .prefix_max = is_known ? limits->half_open_max : prefix_max,
        .v4_bits = (uint8_t)limits->half_open_prefix_v4,
        .v6_bits = (uint8_t)limits->half_open_prefix_v6,
    };
}

static bool admission_is_known(const struct shard *shard, const struct ip *address)
{
    const struct config_limits *limits = &shard->settings->config.limits;
    const struct peer_entry *entry = peer_table_find(shard->settings->peers, address);
    uint32_t bits =
        address->family == IP_V6 ? limits->half_open_prefix_v6 : limits->half_open_prefix_v4;
    return (entry != NULL && entry->bits >= bits) ||
           acquaintances_has(&shard->peers->acquaintances, address, shard->now);
}

static struct half_open *places_of(const struct peer *peer)
{
    struct shared *shared = peer->shard->shared;
    return peer->is_known ? &shared->half_open_known : &shared->half_open;
}

/* ---- who gives way ---- */

static bool has_spoken(const struct peer *peer)
{
    return !peer_is_served(peer) || peer->session.state != SESSION_OPEN_WAIT || !peer->is_half_open;
}

static uint32_t admission_count_of(const struct peer *peer, const struct ip *address)
{
    return half_open_count(places_of(peer), address, peer->half_open_bits);
}

/* The better one to give way; the older where they are equal. */
static struct peer *worse_of(struct peer *older, struct peer *younger)
{
    if (older == NULL)
        return younger;
    return admission_count_of(younger, peer_address(younger)) >
                   admission_count_of(older, peer_address(older))
               ? younger
               : older;
}

static bool may_give_way(const struct peer *peer, const struct peer *newcomer,
                         const struct ip *address, bool is_prefix_full)
{
    if (peer->is_known != newcomer->is_known)
        return false;
    if (!is_prefix_full)
        return admission_count_of(peer, peer_address(peer)) >=
               admission_count_of(newcomer, address);
    return peer_address(peer)->family == address->family &&
           peer->half_open_bits == newcomer->half_open_bits &&
           ip_is_within(peer_address(peer), address, newcomer->half_open_bits);
}

static struct peer *find_silent(const struct peer *newcomer, const struct ip *address,
                                bool is_prefix_full)
{
    struct shard *shard = newcomer->shard;
    struct peer *worst = NULL;
    unsigned looks = 0;
    unsigned stale = 0;
    LIST_FOR_SAFE(link, following, &shard->peers->silent)
    {
        struct peer *peer = CONTAINER_OF(link, struct peer, pending.link);
        if (has_spoken(peer)) {
            list_remove(link);
            if (++stale == STALE_MAX)
                break;
            continue;
        }
        struct mono due = mono_add_ms(peer->session.since, ADMISSION_SILENCE_MS);
        if (mono_is_before(shard->now, due) || ++looks > ADMISSION_LOOKS)
            break; /* the others came later */
        if (may_give_way(peer, newcomer, address, is_prefix_full))
            worst = worse_of(worst, peer);
    }
    return worst;
}

static bool admission_make_room(const struct peer *newcomer, const struct ip *address,
                                bool is_prefix_full)
{
    struct shard *shard = newcomer->shard;
    struct peer *silent = find_silent(newcomer, address, is_prefix_full);
    if (silent == NULL)
        return false;
    CHECK(silent != newcomer && silent->is_half_open);
    counter_add(&shard->counters.half_open_displaced, 1);
    admission_leave(silent);
    session_close(&silent->session, PCEP_CLOSE_NONE, "it sent no Open, and its place was needed",
                  shard->now);
    peer_reset(silent);
    return true;
}

/* ---- places ---- */

static enum half_open_answer admission_take(struct peer *peer, const struct ip *address)
{
    const struct half_open_limits limits = admission_limits_of(peer->shard, peer->is_known);
    return half_open_take(places_of(peer), address, &limits, &peer->half_open_bits);
}

const char *admission_enter(struct peer *peer, const struct ip *address)
{
    CHECK(!peer->is_half_open);
    peer->is_known = admission_is_known(peer->shard, address);
    enum half_open_answer answer = admission_take(peer, address);
    if (answer != HALF_OPEN_TAKEN &&
        admission_make_room(peer, address, answer == HALF_OPEN_PREFIX_FULL))
        answer = admission_take(peer, address);
    switch (answer) {
    case HALF_OPEN_TAKEN:
        peer->is_half_open = true;
        return NULL;
    case HALF_OPEN_TOTAL_FULL:
        return "limits.half-open is reached";
    case HALF_OPEN_PREFIX_FULL:
        return "limits.half-open-per-prefix is reached";
    }
    return "?";
}

void admission_watch(struct peer *peer)
{
    if (peer->is_half_open && !has_spoken(peer))
        list_push_back(&peer->shard->peers->silent, &peer->pending.link);
}

void admission_leave(struct peer *peer)
{
    if (peer->is_half_open &&
        !half_open_release(places_of(peer), peer_address(peer), peer->half_open_bits))
        counter_add(&peer->shard->counters.places_unmatched, 1);
    peer->is_half_open = false;
}
