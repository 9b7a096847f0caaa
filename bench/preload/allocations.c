/* Counts what a program asks of its allocator, for LD_PRELOAD.
 *
 *     LD_PRELOAD=libcount_allocations.so PCED_ALLOCATIONS=FILE pced …
 *
 * FILE becomes `struct counts`, which others may map and read while the program runs. While its
 * `is_armed` is not 0, calls of threads whose name begins with "pced-shard" are counted apart, and
 * the first ones are shown with their callers on standard error.
 *
 * Every call is passed on to the next library that has it: jemalloc where the program is linked
 * with it, else the C library. mmap is counted where a library calls it through its table; what an
 * allocator asks of the kernel for itself goes there too.
 *
 * Thread: any. Owns: the mapping of FILE, until the process ends. Bound: BOOT_SIZE octets before
 * the next library's calls are known; SHOWN_MAX traces. */
#include "bench/preload/next_allocator.h"

#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SHOWN_MAX 32
#define DEPTH     24
#define SHARD     "pced-shard"
/* As bench/measure/allocations.py reads it: eight words of 64 bits. */
struct counts {
    _Atomic uint64_t is_armed;  /* written by others */
    _Atomic uint64_t of_shards; /* calls while armed */
    _Atomic uint64_t of_others;
    _Atomic uint64_t taken; /* calls that take memory, ever */
    _Atomic uint64_t given; /* free, ever */
    _Atomic uint64_t mapped;
    _Atomic uint64_t octets; /* asked for, ever */
    _Atomic uint64_t shown;
};

static struct counts before; /* until the file is there */
static struct counts *counts = &before;
static _Thread_local bool is_inside; /* a trace asks for memory too */

static void allocations_show(const char *call)
{
    void *callers[DEPTH];
    if (atomic_fetch_add(&counts->shown, 1) >= SHOWN_MAX)
        return;
    (void)!write(STDERR_FILENO, call, strlen(call));
    (void)!write(STDERR_FILENO, ":\n", 2);
    backtrace_symbols_fd(callers, backtrace(callers, DEPTH), STDERR_FILENO);
}

static void note_armed(const char *call)
{
    char name[16] = "";
    (void)prctl(PR_GET_NAME, name);
    bool is_shard = strncmp(name, SHARD, sizeof SHARD - 1) == 0;
    atomic_fetch_add(is_shard ? &counts->of_shards : &counts->of_others, 1);
    if (is_shard)
        allocations_show(call);
}

static void note(const char *call, size_t octets)
{
    atomic_fetch_add_explicit(&counts->taken, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counts->octets, octets, memory_order_relaxed);
    if (is_inside || atomic_load_explicit(&counts->is_armed, memory_order_relaxed) == 0)
        return;
    int error = errno;
    is_inside = true;
    note_armed(call);
    is_inside = false;
    errno = error;
}

__attribute__((constructor)) static void allocations_begin(void)
{
    void *callers[1];
    const char *path = getenv("PCED_ALLOCATIONS");
    find_next();
    (void)backtrace(callers, 1); /* the first one loads a library */
    if (path == NULL)
        return;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *counts) != 0)
        abort();
    counts = map_shared(fd, sizeof *counts);
    (void)close(fd);
}

/* ---- the calls ---- */

EXPORTED void *malloc(size_t size)
{
    find_next();
    note("malloc", size);
    return next_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    find_next();
    note("calloc", count * size);
    return next_calloc(count, size);
}

EXPORTED void *realloc(void *memory, size_t size)
{
    find_next();
    note("realloc", size);
    return next_realloc(memory, size);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size)
{
    find_next();
    note("aligned_alloc", size);
    return next.aligned_alloc(alignment, size);
}

EXPORTED int posix_memalign(void **memory, size_t alignment, size_t size)
{
    find_next();
    note("posix_memalign", size);
    return next.posix_memalign(memory, alignment, size);
}

/* NOLINTNEXTLINE(readability-function-size): the kernel's six */
EXPORTED void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    find_next();
    if (next.mmap == NULL) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    atomic_fetch_add_explicit(&counts->mapped, 1, memory_order_relaxed);
    note("mmap", size);
    return next.mmap(address, size, protection, flags, fd, offset);
}

EXPORTED void free(void *memory)
{
    find_next();
    if (memory == NULL || is_boot(memory))
        return;
    atomic_fetch_add_explicit(&counts->given, 1, memory_order_relaxed);
    next.free(memory);
}
