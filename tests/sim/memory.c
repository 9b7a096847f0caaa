#include "tests/sim/memory.h"

#include "core/base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *octets, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void __real_free(void *octets);
void *__real_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *octets, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
void __wrap_free(void *octets);
void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset);

static struct {
    unsigned depth; /* inside the tested code */
    uint32_t skip;
    uint32_t fail; /* in a row, after `skip` */
    uint64_t failures;
    uint64_t failures_total;
    uint64_t allocations;
    int64_t blocks;
} memory;

void *sim_allocate(size_t size)
{
    void *octets = __real_calloc(1, size > 0 ? size : 1);
    CHECK(octets != NULL);
    return octets;
}

void *sim_resize(void *octets, size_t size)
{
    void *fresh = __real_realloc(octets, size > 0 ? size : 1);
    CHECK(fresh != NULL);
    return fresh;
}

void sim_release(void *octets)
{
    __real_free(octets);
}

void sim_memory_enter(void)
{
    memory.depth++;
}

void sim_memory_leave(void)
{
    CHECK(memory.depth > 0);
    memory.depth--;
}

unsigned sim_memory_suspend(void)
{
    unsigned depth = memory.depth;
    memory.depth = 0;
    return depth;
}

void sim_memory_resume(unsigned depth)
{
    memory.depth = depth;
}

void sim_memory_fail(uint32_t skip, uint32_t count)
{
    memory.skip = skip;
    memory.fail = count;
}

void sim_memory_begin(void)
{
    CHECK(memory.depth == 0);
    memory.fail = 0;
    memory.failures = 0;
}

uint64_t sim_memory_failures_total(void)
{
    return memory.failures_total;
}

uint64_t sim_memory_failures(void)
{
    return memory.failures;
}

uint64_t sim_memory_allocations(void)
{
    return memory.allocations;
}

int64_t sim_memory_blocks(void)
{
    return memory.blocks;
}

static bool is_refused(void)
{
    if (memory.depth == 0)
        return false;
    memory.allocations++;
    if (memory.fail == 0)
        return false;
    if (memory.skip > 0) {
        memory.skip--;
        return false;
    }
    memory.fail--;
    memory.failures++;
    memory.failures_total++;
    errno = ENOMEM;
    return true;
}

static void *counted(void *octets)
{
    if (octets != NULL)
        memory.blocks++;
    return octets;
}

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *octets, size_t size)
{
    if (is_refused())
        return NULL;
    void *fresh = __real_realloc(octets, size);
    return octets == NULL ? counted(fresh) : fresh;
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
    return is_refused() ? NULL : counted(__real_aligned_alloc(align, size));
}

void __wrap_free(void *octets)
{
    if (octets != NULL)
        memory.blocks--;
    __real_free(octets);
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int file, off_t offset)
{
    if (is_refused())
        return MAP_FAILED; /* NOLINT(performance-no-int-to-ptr): the system's own constant */
    return __real_mmap(address, size, protection, flags, file, offset);
}
