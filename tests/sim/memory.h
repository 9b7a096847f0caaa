/* Memory of the simulation: allocations of the server fail when a script says so, and those that
 * are not given back are counted.
 *
 * The allocator's names are wrapped at link time (tests/sim/CMakeLists.txt). What the simulation
 * itself needs comes from sim_allocate, so that a script never makes the test fail for want of
 * memory.
 *
 * Thread: one caller. Owns: nothing. */
#ifndef PCED_TESTS_SIM_MEMORY_H
#define PCED_TESTS_SIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed octets that cannot be refused. */
void *sim_allocate(size_t size);
void *sim_resize(void *octets, size_t size);
void sim_release(void *octets);

/* Only what is asked for between the two can fail: the code that is tested, not the test. */
void sim_memory_enter(void);
void sim_memory_leave(void);
/* Around what the far end does within such a call: its allocations never fail. Gives what resume
 * wants back. */
unsigned sim_memory_suspend(void);
void sim_memory_resume(unsigned depth);

/* After `skip` more allocations `count` in a row fail. count 0: none. */
void sim_memory_fail(uint32_t skip, uint32_t count);
/* Allocations that failed since sim_memory_begin, and since the start of the program. */
uint64_t sim_memory_failures(void);
uint64_t sim_memory_failures_total(void);
/* A world begins: nothing fails. */
void sim_memory_begin(void);
/* Allocations that were made by wrapped code since the start, and of these those that are out. */
uint64_t sim_memory_allocations(void);
int64_t sim_memory_blocks(void);

#endif
