#include "server/topology/speaker.h"

#include "io/os/clock.h"
#include "io/ring/ring.h"
#include "server/topology/speaker_link.h"
#include "server/topology/speaker_listen.h"

#include <stdlib.h>
#include <string.h>

#define SPEAKER_OPEN_HOLD_S     240 /* RFC 4271 8.2.2: a large value */
#define SPEAKER_IDLE_HOLD_MIN_S 2
#define SPEAKER_IDLE_HOLD_MAX_S 120
#define SPEAKER_RETELL_S        300

/* ---- peers ---- */

static void speaker_set_bgp_config(const struct speaker *speaker, struct speaker_peer *peer)
{
    const struct config_bgp_peer *config = &peer->config;
    uint32_t send_hold_s = config->send_hold_s;
    peer->bgp_config = (struct bgp_peer_config){
        .open = {.local_as = speaker->config.as,
                 .peer_as = config->as,
                 .identifier = speaker->config.router_id,
                 .local = config->local_address,
                 .hold_time_s = config->hold_time_s},
        .restart = {.keep_s = config->keep_s, .retell_s = SPEAKER_RETELL_S},
        .is_passive = config->is_passive,
        .connect_retry_s = config->connect_retry_s,
        .open_hold_s = SPEAKER_OPEN_HOLD_S,
        .send_hold_s =
            send_hold_s != 0 ? send_hold_s : bgp_send_hold_default_s(config->hold_time_s),
        .idle_hold_min_s = SPEAKER_IDLE_HOLD_MIN_S,
        .idle_hold_max_s = SPEAKER_IDLE_HOLD_MAX_S,
    };
}

static enum pce_status speaker_add(struct speaker *speaker, const struct config_bgp_peer *config,
                                   struct mono now)
{
    uint32_t place = 0;
    char name[IP_TEXT_SIZE];
    while (place < CONFIG_BGP_PEERS_MAX && speaker->peers[place] != NULL)
        place++;
    if (place == CONFIG_BGP_PEERS_MAX) /* those that leave have their places still */
        return PCE_LIMIT;
    struct speaker_peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL)
        return PCE_NO_MEMORY;
    const struct rib_source_spec spec = {.name = ip_format(&config->address, name),
                                         .rank = config->rank};
    enum pce_status status = feed_init(&peer->feed, speaker->rib, &spec);
    if (status != PCE_OK) {
        free(peer);
        return status;
    }
    peer->speaker = speaker;
    peer->config = *config;
    for (unsigned id = 0; id < BGP_CONNECTION_COUNT; id++)
        peer->links[id] =
            (struct speaker_link){.peer = peer, .grace = MONO_NEVER, .id = (uint8_t)id};
    speaker_set_bgp_config(speaker, peer);
    bgp_peer_init(&peer->bgp, &speaker_peer_ops, &peer->bgp_config);
    speaker->peers[place] = peer;
    bgp_peer_start(&peer->bgp, now);
    return PCE_OK;
}

static bool speaker_peer_is_idle(const struct speaker_peer *peer)
{
    for (unsigned id = 0; id < BGP_CONNECTION_COUNT; id++)
        if (peer->links[id].conn != NULL || peer->links[id].has_failed ||
            peer->bgp.connections[id].state != BGP_IDLE)
            return false;
    return true;
}

/* What it told goes at once; the peer itself when its connections have. */
static void speaker_remove(struct speaker_peer *peer, enum bgp_error_code error, struct mono now)
{
    if (peer->is_leaving)
        return;
    peer->is_leaving = true;
    bgp_peer_stop(&peer->bgp, error, NULL, now);
    bgp_peer_forget(&peer->bgp);
}

static void speaker_add_totals(struct speaker_totals *totals, const struct speaker_peer *peer)
{
    const struct feed_counters *counters = &peer->feed.counters;
    totals->feeds.announced += counters->announced;
    totals->feeds.withdrawn += counters->withdrawn;
    totals->feeds.ignored += counters->ignored;
    totals->feeds.without_attribute += counters->without_attribute;
    totals->feeds.refused += counters->refused;
    for (unsigned action = BGP_ACTION_NONE + 1; action <= BGP_ACTION_RESET; action++)
        totals->faults += peer->bgp.counters.faults[action];
    for (unsigned why = BGP_FEASIBLE + 1; why < BGP_UNFEASIBLE_COUNT; why++)
        totals->unfeasible += peer->bgp.counters.unfeasible[why];
    totals->superseded += peer->bgp.counters.superseded;
}

struct speaker_totals speaker_count(const struct speaker *speaker)
{
    struct speaker_totals totals = speaker->gone;
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        const struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL)
            continue;
        if (!peer->is_leaving) {
            totals.peers++;
            totals.peers_stale += peer->bgp.restart.phase != BGP_RESTART_FRESH;
            totals.states[bgp_peer_foremost(&peer->bgp)->state]++;
        }
        speaker_add_totals(&totals, peer);
    }
    return totals;
}

static void speaker_free_left(struct speaker *speaker)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL || !peer->is_leaving || !speaker_peer_is_idle(peer))
            continue;
        speaker_add_totals(&speaker->gone, peer);
        feed_fini(&peer->feed);
        bgp_peer_fini(&peer->bgp);
        explicit_bzero(&peer->config, sizeof peer->config);
        free(peer);
        speaker->peers[i] = NULL;
    }
}

static const struct config_bgp_peer *speaker_wanted(const struct config_bgp *config,
                                                    const struct ip *address)
{
    for (uint32_t i = 0; i < config->peer_count; i++)
        if (ip_is_equal(&config->peers[i].address, address))
            return &config->peers[i];
    return NULL;
}

static void speaker_remove_unwanted(struct speaker *speaker, const struct config_bgp *config,
                                    struct mono now)
{
    bool is_other = speaker->config.as != config->as ||
                    !ip_is_equal(&speaker->config.router_id, &config->router_id);
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL || peer->is_leaving)
            continue;
        const struct config_bgp_peer *wanted = speaker_wanted(config, &peer->config.address);
        if (wanted == NULL || is_other || !config_bgp_peer_is_equal(wanted, &peer->config))
            speaker_remove(peer, BGP_ERROR_DECONFIGURED, now);
    }
}

enum pce_status speaker_configure(struct speaker *speaker, const struct config_bgp *config,
                                  struct mono now, struct failure *failure)
{
    static const struct config_bgp nothing = {.as = 0};
    char text[IP_TEXT_SIZE];
    const struct config_bgp *wanted = config == NULL ? &nothing : config;
    speaker_remove_unwanted(speaker, wanted, now);
    speaker_free_left(speaker);
    enum pce_status status = speaker_listen(speaker, wanted, now, failure);
    speaker->config = *wanted;
    for (uint32_t i = 0; i < wanted->peer_count; i++) {
        const struct config_bgp_peer *peer = &wanted->peers[i];
        if (speaker_find(speaker, &peer->address) != NULL)
            continue;
        enum pce_status added = speaker_add(speaker, peer, now);
        if (added != PCE_OK && status == PCE_OK)
            status = failure_set(failure, added, "bgp-ls: no room for peer %s: %s",
                                 ip_format(&peer->address, text), pce_status_text(added));
    }
    return status;
}

/* ---- time ---- */

void speaker_turn(struct speaker *speaker, struct mono now)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL)
            continue;
        for (unsigned id = 0; id < BGP_CONNECTION_COUNT; id++)
            speaker_link_turn(&peer->links[id], now);
        bgp_peer_on_time(&peer->bgp, now);
    }
    speaker_free_left(speaker);
    speaker_close_retired(speaker, now);
}

struct mono speaker_deadline(const struct speaker *speaker)
{
    const struct speaker_retired *retired = &speaker->retired[0];
    struct mono deadline = retired->listeners == NULL ? MONO_NEVER : retired->until;
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        const struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL)
            continue;
        deadline = mono_min(deadline, bgp_peer_deadline(&peer->bgp));
        for (unsigned id = 0; id < BGP_CONNECTION_COUNT; id++)
            deadline = mono_min(deadline, speaker_link_deadline(&peer->links[id]));
    }
    return deadline;
}

/* Whether all that the peer has to tell is here, as of this session or of one before, or part of it is shown. */
static bool speaker_has_table(const struct speaker_peer *peer)
{
    return peer->is_shown || !mono_is_never(peer->bgp.told) ||
           peer->bgp.restart.phase != BGP_RESTART_FRESH;
}

struct mono speaker_first_table(const struct speaker *speaker, uint32_t wait_s, struct mono now)
{
    struct mono until = MONO_NEVER;
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        const struct speaker_peer *peer = speaker->peers[i];
        if (peer == NULL || peer->is_leaving || !peer->bgp.restart.has_told)
            continue;
        if (speaker_has_table(peer))
            return MONO_NEVER;
        struct mono end = mono_add_s(bgp_peer_foremost(&peer->bgp)->since, wait_s);
        if (mono_is_before(now, end))
            until = mono_min(until, end);
    }
    return until;
}

void speaker_note_shown(struct speaker *speaker)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++) {
        struct speaker_peer *peer = speaker->peers[i];
        if (peer != NULL && peer->bgp.restart.has_told && peer->feed.counters.announced > 0)
            peer->is_shown = true;
    }
}

/* ---- life ---- */

enum pce_status speaker_init(struct speaker *speaker, struct ring *ring, struct rib *rib,
                             struct failure *failure)
{
    const struct conn_pool_options options = {.ring = ring, .count_max = SPEAKER_CONNECTIONS_MAX};
    speaker->ring = ring;
    speaker->rib = rib;
    arena_init(&speaker->arena, SPEAKER_ARENA_MAX);
    arena_init(&speaker->objects, SPEAKER_ARENA_MAX);
    if (conn_pool_create(&options, &speaker->pool) == PCE_OK)
        return PCE_OK;
    return failure_set(failure, PCE_NO_MEMORY, "no memory for BGP-LS peers");
}

void speaker_stop(struct speaker *speaker, struct mono now)
{
    if (!speaker_retire_listener(speaker, now)) {
        speaker_close_retired(speaker, MONO_NEVER);
        (void)speaker_retire_listener(speaker, now);
    }
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++)
        if (speaker->peers[i] != NULL)
            speaker_remove(speaker->peers[i], BGP_ERROR_SHUTDOWN, now);
    speaker_free_left(speaker);
}

bool speaker_is_idle(const struct speaker *speaker)
{
    for (uint32_t i = 0; i < CONFIG_BGP_PEERS_MAX; i++)
        if (speaker->peers[i] != NULL)
            return false;
    return conn_pool_count(speaker->pool) == 0;
}

void speaker_fini(struct speaker *speaker)
{
    speaker_turn(speaker, clock_now());
    speaker_close_retired(speaker, MONO_NEVER);
    if (speaker->pool != NULL)
        conn_pool_destroy(speaker->pool);
    arena_fini(&speaker->arena);
    arena_fini(&speaker->objects);
}
