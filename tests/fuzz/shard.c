/* Whole sessions against the real shards, on the simulated kernel: see tests/sim/script.h. */
#include "tests/sim/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    script_run(octets, size);
    return 0;
}
