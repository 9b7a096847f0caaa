/* Surveying: landmarks are made beside, step by step between the turns of the topology thread, so that no network
 * waits for them.
 *
 * A network that is large, and that no landmarks could be taken over for, is published without; theirs come
 * with another publication of it in which nothing else is different. Landmarks that are kept through changes become
 * loose: after some changes one column is measured, and where its distances have fallen behind, all are made anew. That
 * waits until the network rests: tight landmarks of links that are down would have to be mended when they come up.
 *
 * Thread: the topology thread. Owns: the survey that goes on. Bound: one survey, a step of it a turn; the places of
 * links that change meanwhile, each as often as it does, SURVEYING_CHANGES_MAX in all: then it begins anew; and one
 * part of the time in SURVEYING_REST_PART for what nobody waits for. */
#ifndef PCED_SERVER_TOPOLOGY_SURVEYING_H
#define PCED_SERVER_TOPOLOGY_SURVEYING_H

#include "core/base/mono.h"
#include "core/path/survey.h"
#include "core/ted/array.h"

#define SURVEYING_AT_ONCE_NODES 2048 /* up to so many, landmarks are made before it is published */
#define SURVEYING_LOOK_CHANGES  256  /* of links, until a column is measured */
#define SURVEYING_CHANGES_MAX   262144 /* of links, while a survey goes on */
#define SURVEYING_CALM_MS       5000   /* without a change, until it is measured … */
#define SURVEYING_LONGEST_MS    60000  /* … or since the first one that asks for it */
#define SURVEYING_REST_PART     16
#define SURVEYING_RETRY_MS      1000 /* where nothing has come of a survey for want of memory or room */

struct surveying {
    struct survey *survey;    /* NULL: none goes on */
    uint64_t serial;          /* of the last snapshot up to which `changed` is complete */
    struct ted_array changed; /* uint32_t: places of links that have changed since it began */
    bool looks;               /* whether landmarks are loose is measured first */
    uint32_t changes;         /* of links since that was measured */
    uint32_t turn;            /* of columns that are measured */
    uint64_t spent_ns;        /* on the survey that goes on */
    struct mono rest;         /* none begins before, of those that nobody waits for */
    struct mono first;  /* when there were changes enough to measure; MONO_NEVER: there are not */
    struct mono latest; /* change */
};

void surveying_init(struct surveying *surveying);
/* Nothing is published any more; all memory is given back. */
void surveying_stop(struct surveying *surveying);

/* A snapshot is published. */
void surveying_note(struct surveying *surveying, const struct ted_snapshot *published,
                    struct mono now);
/* When there is a step to take; MONO_NEVER: nothing is to be done. */
struct mono surveying_deadline(const struct surveying *surveying, struct mono now);
/* Takes one. Gives the published snapshot once more with landmarks of its own, when they are done; else NULL. */
struct ted_snapshot *surveying_step(struct surveying *surveying,
                                    const struct ted_snapshot *published, struct mono now);

#endif
