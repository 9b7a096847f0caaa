/* Script: octets that say what happens to a server, step by step, and what must hold whatever it
 * is.
 *
 * The first octets choose the world (see script.c); each step after them is an octet and its
 * arguments. Any octets are a script: what is missing at the end is zero.
 *
 * What is checked: the sanitizers and CHECKs of the code; each message that the server sends
 * (client.h); that no shard spins; that a witness, a lively session from an address of its own,
 * stays up and has its requests answered, unless a shutdown was ordered, memory failed, or its own
 * operations were made to fail; and at the end, after an orderly shutdown, that no connection,
 * session, descriptor, gauge or allocation is left and that each session that ended had a reason.
 *
 * Thread: one caller. Owns: nothing afterwards. Bound: SCRIPT_STEPS_MAX steps. */
#ifndef PCED_TESTS_SIM_SCRIPT_H
#define PCED_TESTS_SIM_SCRIPT_H

#include "core/base/random.h"

#include <stddef.h>
#include <stdint.h>

#define SCRIPT_STEPS_MAX 65536

void script_run(const uint8_t *octets, size_t size);
/* Writes a random script of so many steps, and gives its size; it fits into `room`, or is shorter.
 */
size_t script_generate(uint64_t seed, unsigned steps, uint8_t *octets, size_t room);
/* Appends one random step; 0 when there is no room. */
size_t script_generate_step(struct random *random, uint8_t *octets, size_t room);

/* The size of the step at the octets, and of the head of a script: for those who cut scripts up. */
size_t script_step_size(const uint8_t *octets, size_t size);
size_t script_head_size(void);

/* Since the start of the program. */
struct script_figures {
    uint64_t runs;
    uint64_t steps;
    uint64_t connections;
    uint64_t witness_answers;
};
struct script_figures script_figures(void);

#endif
