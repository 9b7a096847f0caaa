#include "tests/sim/kernel_impl.h"

#include "core/base/check.h"
#include "tests/sim/memory.h"

#include <errno.h>
#include <string.h>

struct sim_kernel sim;

uint64_t sim_random(void)
{
    return random_u64(&sim.random);
}

void sim_kernel_begin(uint64_t seed)
{
    CHECK(!sim.is_active);
    sim = (struct sim_kernel){
        .is_active = true,
        .now = {1000 * MONO_NS_PER_S},
        .random = {seed},
        .knobs = {.window = 65536},
    };
    list_init(&sim.active);
    list_init(&sim.listeners);
    list_init(&sim.probing);
}

void sim_kernel_end(void)
{
    CHECK(sim.is_active && sim.open_count == 0);
    CHECK(list_is_empty(&sim.probing));
    sim_release((void *)sim.files);
    sim.files = NULL;
    sim.is_active = false;
}

bool sim_is_active(void)
{
    return sim.is_active;
}

struct sim_knobs *sim_knobs(void)
{
    return &sim.knobs;
}

unsigned sim_open_count(void)
{
    return sim.open_count;
}

uint64_t sim_turn_count(void)
{
    return sim.turns;
}

/* ---- time ---- */

struct mono sim_now(void)
{
    return sim.now;
}

struct mono sim_next_probe(void)
{
    struct mono next = MONO_NEVER;
    LIST_FOR(link, &sim.probing)
    {
        next = mono_min(next, CONTAINER_OF(link, struct sim_socket, probe)->probe_at);
    }
    return next;
}

void sim_set_now(struct mono now)
{
    CHECK(!mono_is_before(now, sim.now) && !mono_is_never(now));
    sim.now = now;
    LIST_FOR_SAFE(link, following, &sim.probing)
    {
        struct sim_socket *socket = CONTAINER_OF(link, struct sim_socket, probe);
        if (!mono_is_before(now, socket->probe_at))
            sim_socket_probe(socket);
    }
}

void sim_set_waits(bool do_last)
{
    sim.do_waits_last = do_last;
}

struct sim_wait sim_last_wait(void)
{
    return sim.wait;
}

/* ---- descriptors ---- */

struct sim_file *sim_file_make(enum sim_kind kind)
{
    struct sim_file *file = sim_allocate(sizeof *file);
    file->kind = kind;
    return file;
}

static bool is_full(const struct sim_file *file)
{
    return file->kind == SIM_SOCKET && sim.knobs.files_max > 0 &&
           sim.connection_files >= sim.knobs.files_max;
}

static void file_borrow(struct sim_file *file)
{
    file->references++;
    sim.open_count++;
    if (file->kind == SIM_SOCKET) {
        sim.connection_files++;
        file->socket->is_served = true;
    }
}

void sim_file_release(struct sim_file *file)
{
    CHECK(file->references > 0);
    file->references--;
    sim.open_count--;
    if (file->kind == SIM_SOCKET)
        sim.connection_files--;
    if (file->references > 0)
        return;
    if (file->kind == SIM_SOCKET) {
        sim_socket_closed(file->socket);
    } else if (file->kind == SIM_LISTENER) {
        CHECK(file->listener->accept == NULL);
        sim_drop_backlog(file->listener);
        list_remove(&file->listener->active);
        sim_release(file->listener);
    } else if (file->kind == SIM_EVENT) {
        CHECK(file->poll == NULL);
    }
    sim_release(file);
}

int sim_install(struct sim_file *file)
{
    if (is_full(file))
        return -EMFILE;
    unsigned at = 0;
    while (at < sim.file_count && sim.files[at] != NULL)
        at++;
    CHECK(at < SIM_FILES_MAX);
    if (at == sim.file_count) {
        sim.file_count++;
        if ((at & (at - 1)) == 0)
            sim.files = sim_resize((void *)sim.files,
                                   (at == 0 ? 1 : 2 * (size_t)at) * sizeof(struct sim_file *));
    }
    sim.files[at] = file;
    file_borrow(file);
    return SIM_FILE_BASE + (int)at;
}

struct sim_file *sim_file_of(int descriptor)
{
    unsigned at = (unsigned)descriptor - SIM_FILE_BASE;
    if (!sim.is_active || descriptor < SIM_FILE_BASE || at >= sim.file_count)
        return NULL;
    return sim.files[at];
}

int sim_close(int descriptor)
{
    struct sim_file *file = sim_file_of(descriptor);
    CHECK(file != NULL); /* a descriptor is closed twice */
    sim.files[descriptor - SIM_FILE_BASE] = NULL;
    sim_file_release(file);
    return 0;
}

int sim_place(struct sim_ring *ring, struct sim_file *file)
{
    if (is_full(file))
        return -ENFILE;
    for (unsigned i = 0; i < ring->slot_count; i++) {
        if (ring->slots[i] != NULL)
            continue;
        ring->slots[i] = file;
        file_borrow(file);
        return (int)i;
    }
    return -ENFILE;
}

int sim_unplace(struct sim_ring *ring, unsigned slot)
{
    if (slot >= ring->slot_count || ring->slots[slot] == NULL)
        return -EBADF;
    struct sim_file *file = ring->slots[slot];
    ring->slots[slot] = NULL;
    sim_file_release(file);
    return 0;
}
