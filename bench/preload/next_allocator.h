/* Next allocator: the calls that a preloaded library stands before, of the next library that has
 * them: jemalloc where the program is linked with it, a sanitizer's, else the C library's.
 *
 * For one source file of a library each: what is here is that file's own.
 *
 * Thread: any; the first call comes before there is a second one. Owns: the first octets that are
 * asked for. Bound: BOOT_SIZE octets before the next library's calls are known. */
#ifndef PCED_BENCH_PRELOAD_NEXT_ALLOCATOR_H
#define PCED_BENCH_PRELOAD_NEXT_ALLOCATOR_H

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BOOT_SIZE 65536
#define EXPORTED  __attribute__((visibility("default")))

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*mmap)(void *, size_t, int, int, int, off_t);
    void (*free)(void *);
} next;

/* dlsym may ask for memory before it can be asked. */
static _Alignas(max_align_t) uint8_t boot[BOOT_SIZE];
static size_t boot_used;
static bool is_finding;

static void find_next(void)
{
    if (next.free != NULL || is_finding)
        return;
    is_finding = true;
    *(void **)&next.malloc = dlsym(RTLD_NEXT, "malloc");
    *(void **)&next.calloc = dlsym(RTLD_NEXT, "calloc");
    *(void **)&next.realloc = dlsym(RTLD_NEXT, "realloc");
    *(void **)&next.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
    *(void **)&next.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
    *(void **)&next.mmap = dlsym(RTLD_NEXT, "mmap");
    *(void **)&next.free = dlsym(RTLD_NEXT, "free");
    is_finding = false;
}

static void *boot_take(size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (size > BOOT_SIZE - boot_used)
        abort();
    void *memory = boot + boot_used;
    boot_used += size;
    return memory;
}

static bool is_boot(const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)boot < BOOT_SIZE;
}

static void *next_malloc(size_t size)
{
    return next.malloc == NULL ? boot_take(size) : next.malloc(size);
}

static void *next_calloc(size_t count, size_t size)
{
    return next.calloc == NULL ? boot_take(count * size) : next.calloc(count, size);
}

static void *next_realloc(void *memory, size_t size)
{
    if (!is_boot(memory))
        return next.realloc(memory, size);
    void *moved = next_malloc(size);
    size_t most = BOOT_SIZE - ((uintptr_t)memory - (uintptr_t)boot);
    if (moved != NULL)
        memmove(moved, memory, size < most ? size : most);
    return moved;
}

/* What of a file others map, too. One that cannot be had ends the program: a test
 * that measures nothing must not look like one. */
static void *map_shared(int descriptor, size_t size)
{
    if (descriptor < 0)
        abort();
    void *file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (file == MAP_FAILED)
        abort();
    return file;
}

#endif
