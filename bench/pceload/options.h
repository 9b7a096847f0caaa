/* Options: what pceload is asked to do, as the command line says it.
 *
 * Thread: read once by main; immutable afterwards. Owns: nothing (texts are those of argv).
 * Bound: the named limits. */
#ifndef PCED_BENCH_PCELOAD_OPTIONS_H
#define PCED_BENCH_PCELOAD_OPTIONS_H

#include "core/base/ip.h"

#include <stdbool.h>
#include <stdint.h>

#define RINGS_MAX           256u
#define SESSIONS_MAX        4000000u
#define SESSIONS_PER_RING   18000u /* what the usual limit of open files allows, with room */
#define OPTIONS_DEPTH_MAX   64u
#define REPORT_SEGMENTS_MAX 10u

enum pick { PICK_UNIFORM, PICK_ZIPF, PICK_ALL_PAIRS };
enum constraints { CONSTRAINTS_NONE, CONSTRAINTS_MIX, CONSTRAINTS_UNIQUE };
enum setup { SETUP_SR, SETUP_RSVP, SETUP_SRV6 };

enum misbehaviour {
    BEHAVE_WELL,
    BEHAVE_STALL,
    BEHAVE_DRIP,
    BEHAVE_HALF_OPEN,
    BEHAVE_RESET,
    BEHAVE_RECONNECT,
    BEHAVE_MALFORMED,
    BEHAVE_KINDS
};

/* As --misbehave names them. */
extern const char *const misbehaviour_names[BEHAVE_KINDS];

struct options {
    struct ip server;
    uint16_t port;
    uint32_t sessions;
    uint32_t rings; /* 0: as many as the sessions need */
    struct ip sources;
    uint8_t sources_bits; /* of the prefix */
    uint32_t sources_offset;
    double rate;         /* connections per second over all rings; 0: no limit */
    uint32_t connecting; /* of one ring, at once */
    uint32_t keepalive_s, dead_timer_s;
    uint32_t msd; /* 0: no limit */
    uint32_t depth;
    double open_loop; /* requests per second over all sessions; 0: closed loop */
    double warm_up_s, duration_s, ramp_limit_s, drain_s;
    uint64_t requests; /* 0: until the duration is over */
    const char *topology;
    const char *pairs;
    enum pick pick;
    double zipf;
    enum constraints constraints;
    enum setup setup;
    bool is_v6; /* of the nodes' addresses in requests */
    uint64_t seed;
    bool is_stateful; /* LSPs are reported, and orders are followed */
    uint32_t reports; /* LSPs that each session has of itself */
    uint32_t segments;
    bool has_nai;
    bool is_adjacent;        /* segments are adjacency SIDs, and lead over as many links */
    double delegate;         /* part of the LSPs */
    double wide, wide_mbits; /* part of them that asks for bandwidth, and how much */
    double reconnect_s;      /* 0: a session that is lost stays away */
    uint32_t misbehaving[BEHAVE_KINDS];
    double misbehaviour_param[BEHAVE_KINDS]; /* 0: the kind's default */
    bool is_floor;
    const char *json;
    const char *hdr;
    const char *order_times;
    uint32_t progress_s;
    bool is_quiet, has_control, is_held;
    uint32_t sq_entries, cq_entries, buffers; /* of a ring; 0: by the number of rings */
};

/* False after a message on standard error; is_help when the usage was asked for and printed. */
bool options_read(struct options *options, int argc, char **argv, bool *is_help);

/* Sessions that behave badly, all kinds together: the last ones of all. */
uint32_t options_misbehaving(const struct options *options);
/* How many of the first `count` sessions are those of one ring: session `index` is number
 * `index / rings` of ring `index % rings`, so that neighbours in the schedule of an open loop are
 * on different rings. */
static inline uint32_t options_share(uint32_t count, uint32_t ring, uint32_t rings)
{
    return count > ring ? (count - ring - 1) / rings + 1 : 0;
}
/* How session `index` behaves. */
enum misbehaviour options_behaviour(const struct options *options, uint32_t index);
/* Where session `index` connects from. */
struct ip options_source(const struct options *options, uint32_t index);
/* Whether requests are sent at all. */
static inline bool options_has_load(const struct options *options)
{
    return options->depth > 0 || options->open_loop > 0;
}

#endif
