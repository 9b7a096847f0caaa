/* Fails one call of the allocator in so many, for LD_PRELOAD.
 *
 *     LD_PRELOAD=libshort_memory.so PCED_SHORT_MEMORY=FILE pced …
 *
 * FILE is a `struct shortage`, which the test that starts the program has filled in and goes on to
 * read: it says when to begin, how often, and with which seed; and what has happened up to now,
 * also of a program that has died. Which calls fail is a function of the seed and of how many there
 * were before, so that a program with one thread runs the same again.
 *
 * malloc, calloc, realloc, aligned_alloc, posix_memalign and mmap fail; a realloc that fails leaves
 * what was there. Every other call goes to the next library that has it: jemalloc where the program
 * is linked with it, a sanitizer's, else the C library's. Whatever the C library and the other
 * libraries ask for through their tables fails too. mmap of code and of files is let through: these
 * are the loader's.
 *
 * Thread: any. Owns: the mapping of FILE, until the process ends. Bound: BOOT_SIZE octets before
 * the next library's calls are known. */
#include "bench/preload/next_allocator.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

/* As tests/scenario/lib/shortage.py writes and reads it: words of 64 bits. */
struct shortage {
    _Atomic uint64_t is_armed; /* by the test; 0: nothing fails */
    uint64_t one_in;
    uint64_t seed;
    _Atomic uint64_t calls; /* while armed */
    _Atomic uint64_t failed;
};

static struct shortage none;
static struct shortage *shortage = &none;

/* A sanitizer asks each new thread for its stack, and ends the process where that takes memory that
 * is not there: nobody else asks. */
static _Thread_local bool is_excused;

/* splitmix64 of the how manieth call it is. */
static uint64_t mixed(uint64_t number)
{
    number = (number + shortage->seed) * 0x9E3779B97F4A7C15U;
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9U;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EBU;
    return number ^ (number >> 31);
}

/* Whether this call is one of those that fail. */
static bool is_refused(void)
{
    find_next();
    if (is_excused || atomic_load_explicit(&shortage->is_armed, memory_order_relaxed) == 0)
        return false;
    uint64_t number = atomic_fetch_add_explicit(&shortage->calls, 1, memory_order_relaxed);
    if (mixed(number) % shortage->one_in != 0)
        return false;
    atomic_fetch_add_explicit(&shortage->failed, 1, memory_order_relaxed);
    errno = ENOMEM;
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("PCED_SHORT_MEMORY");
    find_next();
    if (path == NULL)
        return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    shortage = map_shared(fd, sizeof *shortage);
    (void)close(fd);
}

/* ---- the calls ---- */

EXPORTED void *malloc(size_t size)
{
    if (is_refused())
        return NULL;
    return next_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    if (is_refused())
        return NULL;
    return next_calloc(count, size);
}

EXPORTED void *realloc(void *memory, size_t size)
{
    if (is_refused())
        return NULL;
    return next_realloc(memory, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    return is_refused() ? NULL : next.aligned_alloc(alignment, size);
}

EXPORTED int posix_memalign(void **memory, size_t alignment, size_t size)
{
    return is_refused() ? ENOMEM : next.posix_memalign(memory, alignment, size);
}

/* NOLINTNEXTLINE(readability-function-size): the kernel's six */
EXPORTED void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    find_next();
    if (next.mmap == NULL) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    bool is_memory = fd < 0 && (protection & PROT_EXEC) == 0;
    if (is_memory && is_refused())
        return MAP_FAILED;
    return next.mmap(address, size, protection, flags, fd, offset);
}

EXPORTED int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    int (*next_getattr)(pthread_t, pthread_attr_t *);
    find_next();
    is_excused = true;
    *(void **)&next_getattr = dlsym(RTLD_NEXT, "pthread_getattr_np");
    int error = next_getattr(thread, attributes);
    is_excused = false;
    return error;
}

EXPORTED void free(void *memory)
{
    find_next();
    if (memory != NULL && !is_boot(memory))
        next.free(memory);
}
