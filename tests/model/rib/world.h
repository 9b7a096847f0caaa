/* What the files of this model have in common: a network that is known whole (world.c), torn into what
 * routers tell of it (tear.c), told by several sources (tell.c), and changed (events.c).
 *
 * Thread: one. Owns: nothing. Bound: the …_MAX below. */
#ifndef PCED_TESTS_MODEL_RIB_WORLD_H
#define PCED_TESTS_MODEL_RIB_WORLD_H

#include "core/ted/builder.h"
#include "core/ted/rib.h"
#include "tests/lib/random.h"

#include <stdio.h>
#include <stdlib.h>

#define NODES_MAX   8
#define LINKS_MAX   160
#define OBJECTS_MAX 400
#define SOURCES_MAX 4

#define WANT(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                 \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* The allocation that fails, counted down; 0: none (rib_model.c). */
extern uint64_t memory_refuse_at;

enum { ISIS, OSPF, DOMAINS };

struct fact_node {
    struct ip router_id;
    bool is_in[DOMAINS];
    bool has_text, has_file_text;
    char text[16], file_text[16];
    uint32_t sid_index;
    struct ip extra; /* a second address, as a prefix that only this node has */
    struct ip srv6;  /* its SID; none */
    struct ted_srgb srgb;
    uint8_t msd;
    bool is_overloaded[DOMAINS];
};

struct fact_link {
    uint32_t from, to;
    int domain;
    bool is_split; /* its families are told apart */
    int lan;       /* told by way of the LAN; -1 */
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t local_id, remote_id;
    uint32_t igp_metric, te_metric, delay_us, admin_group;
    float capacity;
    uint32_t srlg;  /* 0: none */
    uint32_t label; /* 0: none */
};

/* Something that is told. */
struct object {
    enum rib_kind kind;
    uint32_t teller_group; /* whose authority: node * DOMAINS + domain; the LAN has one more */
    struct rib_name node, remote;
    struct rib_node said_node;
    struct rib_link said_link;
    struct rib_prefix said_prefix;
    struct rib_prefix_sid sid;
    struct ted_srgb srgb;
    struct ip prefix;
    struct rib_adj_sid adj_sids[NODES_MAX];
    uint32_t srlg;
    struct ted_srv6_sid said_sid;
    uint8_t algorithm;
    char text[16];
};

struct world {
    struct random random;
    uint32_t node_count, link_count, object_count, source_count;
    struct fact_node nodes[NODES_MAX];
    struct fact_link links[LINKS_MAX];
    struct object objects[OBJECTS_MAX];
    uint32_t ranks[SOURCES_MAX];
    uint8_t tellers[NODES_MAX * DOMAINS + 1]; /* bits of sources */
    uint32_t next_address;
    bool has_lan;
    uint32_t lan_nodes[3];
    bool has_complement;
};

static inline uint64_t below(struct world *w, uint64_t bound)
{
    WANT(bound > 0);
    return test_random_below(&w->random, bound);
}

static inline bool chance(struct world *w, unsigned percent)
{
    return below(w, 100) < percent;
}

static inline struct ip v4(uint32_t host)
{
    return ip_from_u32(host);
}

static inline struct ip v6(uint32_t n)
{
    uint8_t octets[16] = {0x20, 0x01, 0x0d, 0xb8};
    octets[14] = (uint8_t)(n >> 8);
    octets[15] = (uint8_t)n;
    return ip_from_v6(octets);
}

struct rib_name world_name_of(const struct world *w, uint32_t node, int domain);
struct rib_name world_lan_name(void);
/* A network by chance, and as a builder has it. */
void world_make(struct world *w);
struct ted_snapshot *world_build(const struct world *w);
/* The objects that are told of it. */
void world_tear(struct world *w);
/* One link more, and what is told of it; where there is no place for it, nothing. */
void world_add_link(struct world *w);
void world_make_link(struct world *w);

struct telling {
    uint32_t object, source;
    bool is_lie;     /* to be put right, or of one who is not believed */
    bool is_ghost;   /* another link, of one who is not believed */
    bool is_to_go;   /* to be removed again */
    uint32_t hidden; /* fields of the link that are left to others */
};

/* Who is to tell what. */
void tell_choose(struct world *w);
void tell_put(struct rib *rib, const uint32_t *sources, const struct world *w,
              const struct telling *telling);
/* A link that something names. */
bool tell_has_name(const struct object *object);
uint32_t tell_authority(const struct world *w, uint32_t group);
void tell_all(struct world *w, struct rib *rib);

/* Two RIBs that are told the same: one follows what changes, of the other the network is made as a
 * whole each time. */
struct twins {
    struct rib *following, *whole;
    struct ted_snapshot *followed;
    struct rib_findings findings, whole_findings;
};

/* Changes of both, each compared. */
void events_run(struct world *w, uint64_t number, struct twins *twins, bool is_short);
/* How many of each kind were followed. */
void events_print(void);

#endif
