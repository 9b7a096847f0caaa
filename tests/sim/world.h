/* World of the simulation: a server of one or two shards on the simulated kernel, without a thread.
 *
 * The shards are those of server/shard/shard.c; what main and the compute threads do beside them
 * (settings, topology, computations, questions of operators) is done here by calls of the test.
 * Settings and topologies are numbered variants, so that a script names one with an octet.
 *
 * Thread: one caller; there is one world. Owns: the server. Bound: WORLD_SHARDS_MAX shards. */
#ifndef PCED_TESTS_SIM_WORLD_H
#define PCED_TESTS_SIM_WORLD_H

#include "server/northbound/northbound.h"
#include "server/northbound/session_close.h"
#include "server/northbound/session_view.h"
#include "server/shard/shard.h"
#include "tests/sim/kernel.h"

#define WORLD_SHARDS_MAX  2
#define WORLD_VIEWS       16
#define WORLD_WITNESS_V4  "10.9.9.9" /* whose values no variant of the settings changes */
#define WORLD_LISTEN_PORT 4189

struct world_options {
    uint64_t seed;
    unsigned shard_count; /* 1 or 2 */
    unsigned config;      /* variant */
    unsigned topology;
    bool no_direct;     /* plain descriptors */
    bool listens_any;   /* on unspecified addresses */
    uint32_t fail_skip; /* with fail_count: allocations that fail while it opens */
    uint32_t fail_count;
};

/* What a script asks and orders. */
union world_argument {
    struct session_list list;
    struct session_lookup lookup;
    struct session_closing closing;
};

struct world {
    struct shared shared; /* first; what its threads share */
    struct snapshot_publisher *publisher;
    uint64_t settings_generation;
    uint64_t topology_generation;
    unsigned shard_count;
    unsigned open_count;          /* shards that are open */
    bool was_refused;             /* a shard could not open */
    bool is_stopping;             /* a shutdown was ordered */
    bool holds_computations;      /* those that are given wait */
    unsigned refuse_computations; /* so many are not taken, from now on */
    bool is_ended[WORLD_SHARDS_MAX];
    struct mailbox *mailbox; /* of answers to questions */
    struct envelope envelopes[WORLD_SHARDS_MAX];
    union world_argument arguments[WORLD_SHARDS_MAX]; /* of these */
    bool is_asked[WORLD_SHARDS_MAX];
    struct session_view views[WORLD_SHARDS_MAX][WORLD_VIEWS];
    struct computation_table *tables[WORLD_SHARDS_MAX][COMPUTATION_ASKERS];
    struct path_engine *engine;
    struct snapshot_reader *reader;
    struct computation **given; /* computations that wait, oldest first */
    unsigned given_count;
    int64_t blocks;       /* allocations before it opened */
    struct mono moved_at; /* since when the clock stands still */
    uint32_t turns_since;
};

/* Opens the server and its shards; was_refused where allocations that were to fail prevented it. */
struct world *world_open(const struct world_options *options);
/* Ends the shards as a shutdown does, which they do within the grace and a little. */
void world_end(struct world *world);
/* Checks that nothing is left of anything; after world_end, when every far end was forgotten. */
void world_close(struct world *world);

/* Turns all shards until they have nothing to do at this instant. */
void world_settle(struct world *world);
/* The same, and the clock moves on: each timer comes in its time. */
void world_run(struct world *world, struct mono until);
/* One turn of each. */
bool world_turn(struct world *world);
/* Called when the clock has moved. */
void world_set_on_time(void (*on_time)(void *context), void *context);

void world_publish_config(struct world *world, unsigned variant);
void world_publish_topology(struct world *world, unsigned variant);
unsigned world_config_count(void);
/* Runs the computations that shards gave away. */
void world_compute(struct world *world);
/* Posts a question or an order to a shard unless one is out. */
void world_ask(struct world *world, unsigned shard, struct envelope_what what,
               const union world_argument *argument);
void world_stop(struct world *world, uint32_t grace_ms);

/* The listening descriptor for addresses of this family in this shard. */
int world_listener(const struct world *world, enum ip_family family, unsigned shard);
unsigned world_shard_of(const struct world *world, const struct ip *address);

/* Since the start of the program: messages that the server took whole out of what it received,
 * sessions that ended (each with a reason, which is checked). */
uint64_t world_message_count(void);
uint64_t world_end_count(void);
/* Prints the log's lines: for a look at one input. */
void world_set_verbose(bool is_verbose);

#endif
