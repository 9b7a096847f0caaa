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
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BOOT_SIZE 65536
#define EXPORTED  __attribute__((visibility("default")))

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

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*mmap)(void *, size_t, int, int, int, off_t);
    void (*free)(void *);
    int (*pthread_getattr_np)(pthread_t, pthread_attr_t *);
} next;

/* A sanitizer asks each new thread for its stack, and ends the process where that takes memory that
 * is not there: nobody else asks. */
static _Thread_local bool is_excused;

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
    *(void **)&next.pthread_getattr_np = dlsym(RTLD_NEXT, "pthread_getattr_np");
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
    if (fd < 0)
        abort();
    void *file = mmap(NULL, sizeof *shortage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (file == MAP_FAILED)
        abort();
    (void)close(fd);
    shortage = file;
}

/* ---- the calls ---- */

EXPORTED void *malloc(size_t size)
{
    if (is_refused())
        return NULL;
    return next.malloc == NULL ? boot_take(size) : next.malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    if (is_refused())
        return NULL;
    return next.calloc == NULL ? boot_take(count * size) : next.calloc(count, size);
}

EXPORTED void *realloc(void *memory, size_t size)
{
    if (is_refused())
        return NULL;
    if (!is_boot(memory))
        return next.realloc(memory, size);
    void *moved = next.malloc == NULL ? boot_take(size) : next.malloc(size);
    size_t most = BOOT_SIZE - ((uintptr_t)memory - (uintptr_t)boot);
    if (moved != NULL)
        memmove(moved, memory, size < most ? size : most);
    return moved;
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
    find_next();
    is_excused = true;
    int error = next.pthread_getattr_np(thread, attributes);
    is_excused = false;
    return error;
}

EXPORTED void free(void *memory)
{
    find_next();
    if (memory != NULL && !is_boot(memory))
        next.free(memory);
}
