/* Instants: when each of many things happened, for those who want the course and not the sum.
 *
 * Thread: the worker that notes them; main when that has ended. Owns: the array, until
 * instants_fini. Bound: INSTANTS_MAX; what comes then, or finds no memory, is counted alone. Units:
 * ns of the monotonic clock. */
#ifndef PCED_BENCH_PCELOAD_RESULTS_INSTANTS_H
#define PCED_BENCH_PCELOAD_RESULTS_INSTANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define INSTANTS_MAX (1u << 22)

/* Zeros are an empty one. */
struct instants {
    uint64_t *at;
    uint32_t count, room;
    uint64_t missed;
};

void instants_fini(struct instants *instants);
void instants_note(struct instants *instants, uint64_t ns);
/* A line for each, in seconds, as they were noted. False: one was missed. */
bool instants_print(const struct instants *instants, FILE *file);

#endif
