/* Readmission: PCCs whose session was closed for the good of others, and when they may come back.
 *
 * Each has to wait for some time, twice as long each time that it happens again within
 * READMIT_MEMORY_S, up to READMIT_FACTOR_MAX times. A part of the time is random, so that those
 * that went together do not come together.
 *
 * Thread: the shard. Owns: nothing. Bound: READMIT_MAX addresses; one more takes the place of the
 * one that may come back first. */
#ifndef PCED_SERVER_PEER_READMIT_H
#define PCED_SERVER_PEER_READMIT_H

#include "core/base/ip.h"
#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

#define READMIT_MAX        256
#define READMIT_MEMORY_S   3600
#define READMIT_FACTOR_MAX 16

struct readmit_row {
    struct ip address;
    uint8_t factor;   /* of the time that it has to wait */
    struct mono from; /* when it may come back */
    struct mono last; /* when it was closed; READMIT_MEMORY_S after that the row is free */
};

struct readmit {
    struct readmit_row rows[READMIT_MAX];
    uint32_t count;  /* rows in use */
    uint64_t ousted; /* PCCs that may come back before their time */
};

/* Its session is closed: for how many seconds it has to wait now. wait_s: the first time; 0: it may
 * come back at once. random: spreads the time by up to an eighth. */
uint32_t readmit_bar(struct readmit *readmit, const struct ip *address, uint32_t wait_s,
                     uint32_t random, struct mono now);
bool readmit_is_barred(const struct readmit *readmit, const struct ip *address, struct mono now);
/* How many have to wait. */
uint32_t readmit_waiting(const struct readmit *readmit, struct mono now);

#endif
