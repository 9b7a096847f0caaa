/* Validation: a whole structure is looked through, in builds for debugging and tests alone.
 *
 * A CHECK at an entry costs next to nothing and sees little. A structure's validate function CHECKs
 * everything that holds of it and walks all of it, so that it is compiled where PCED_VALIDATE is
 * defined (CMake's option of that name, which the presets for debugging and tests set); a release
 * has neither the function nor the call.
 *
 * A structure calls it at the end of its own changing operations, by VALIDATE. Each call pays so
 * many steps of what the last walk has cost, and the next walk comes when all is paid: at each call
 * while the structure is small, and never so often that a test of a large one takes much longer.
 *
 * Thread: that of the structure; each thread pays for its own walks. Owns: nothing.
 * Bound: `steps` a call on the average. */
#ifndef PCED_CORE_BASE_VALIDATE_H
#define PCED_CORE_BASE_VALIDATE_H

#include <stdbool.h>
#include <stdint.h>

#define VALIDATE_STEPS      64   /* for an operation */
#define VALIDATE_TURN_STEPS 4096 /* for what is looked at once a turn of a shard */

/* Pays steps; true when nothing is owed any more. */
static inline bool validate_pay(uint64_t *owed, uint64_t steps)
{
    *owed = *owed > steps ? *owed - steps : 0;
    return *owed == 0;
}

/* walk: the call of a validate function, which returns the steps that it took. */
#ifdef PCED_VALIDATE
#define VALIDATE(steps, walk)                                                                      \
    do {                                                                                           \
        static _Thread_local uint64_t validate_owed;                                               \
        if (validate_pay(&validate_owed, (steps)))                                                 \
            validate_owed = (walk);                                                                \
    } while (0)
#else
#define VALIDATE(steps, walk) ((void)0)
#endif

#endif
