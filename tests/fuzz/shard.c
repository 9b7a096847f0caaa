/* Whole sessions against the real shards, on the simulated kernel: see tests/sim/script.h. The
 * mutator knows where steps begin and end, so that most of what libFuzzer tries is a script in
 * which only a step is another one. */
#include "tests/sim/script.h"

#include <stdlib.h>
#include <string.h>

#define STEP_MAX 2048 /* octets of a step that is made up */

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);
size_t LLVMFuzzerMutate(uint8_t *octets, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *octets, size_t size, size_t room, unsigned seed);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    script_run(octets, size);
    return 0;
}

#ifdef PCED_LIBFUZZER
/* Where one of the steps begins, chosen by the number; the head is no step. */
static size_t find_step(const uint8_t *octets, size_t size, uint64_t number)
{
    size_t at = script_head_size();
    unsigned count = 0;
    for (size_t i = at; i < size; i += script_step_size(octets + i, size - i))
        count++;
    for (uint64_t left = count == 0 ? 0 : number % count; left > 0; left--)
        at += script_step_size(octets + at, size - at);
    return at;
}

static size_t insert_step(uint8_t *octets, size_t size, size_t room, uint64_t random)
{
    uint8_t step[STEP_MAX];
    struct random draws = {random};
    size_t at = find_step(octets, size, random >> 8);
    size_t added = script_generate_step(&draws, step, sizeof step);
    if (added == 0 || added > room - size)
        return size;
    memmove(octets + at + added, octets + at, size - at);
    memcpy(octets + at, step, added);
    return size + added;
}

static size_t remove_step(uint8_t *octets, size_t size, uint64_t random)
{
    size_t at = find_step(octets, size, random >> 8);
    if (at >= size)
        return size;
    size_t gone = script_step_size(octets + at, size - at);
    memmove(octets + at, octets + at + gone, size - at - gone);
    return size - gone;
}

size_t LLVMFuzzerCustomMutator(uint8_t *octets, size_t size, size_t room, unsigned seed)
{
    uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
    if (size < script_head_size() || seed % 4 == 0)
        return LLVMFuzzerMutate(octets, size, room);
    if (seed % 4 == 1)
        return remove_step(octets, size, random);
    for (unsigned i = seed % 5; i < 5; i++)
        size = insert_step(octets, size, room, random + i);
    return size;
}
#endif
