/* Processes of the storm, and the memory that they share. */
#include "bench/storm/storm.h"

#include "core/base/check.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void *shared_alloc(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

pid_t worker_start(void (*run)(void *context), void *context, enum worker_place place)
{
    static const struct sched_param none = {0};
    (void)fflush(stdout);
    pid_t parent = getpid(), pid = fork();
    CHECK(pid >= 0);
    if (pid != 0)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); /* it ended before the line above */
    CHECK(place == WORKER_HERE || sched_setscheduler(0, SCHED_IDLE, &none) == 0);
    run(context);
    _exit(0);
}

void worker_wait(pid_t pid)
{
    int status = 0;
    (void)waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        (void)fprintf(stderr, "storm: one of its processes failed (%d)\n", status);
        exit(1);
    }
}

/* ---- durations ---- */

void durations_init(struct durations *durations)
{
    durations->ns = shared_alloc(DURATIONS_MAX * sizeof *durations->ns);
    durations->count = 0;
}

void durations_add(struct durations *durations, uint64_t ns)
{
    CHECK(durations->count < DURATIONS_MAX);
    durations->ns[durations->count++] = ns;
}

void durations_on_time(struct durations *durations, uint64_t now)
{
    if (durations->begun_ns == 0)
        durations->begun_ns = now;
    while (now - durations->begun_ns >= NS_PER_S && durations->seconds < SECONDS_MAX) {
        durations->end_of[durations->seconds++] = (uint32_t)durations->count;
        durations->begun_ns += NS_PER_S;
    }
}

static int worker_compare_times(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts. */
static uint64_t quantile(uint64_t *ns, size_t count, double part)
{
    if (count == 0)
        return 0;
    qsort(ns, count, sizeof *ns, worker_compare_times);
    return ns[(size_t)(part * (double)(count - 1))];
}

uint64_t durations_usual_quantile(struct durations *durations, double part)
{
    uint64_t found[SECONDS_MAX];
    size_t count = 0, at = 0;
    for (size_t i = 0; i < durations->seconds; i++) {
        size_t end = durations->end_of[i];
        if (end > at)
            found[count++] = quantile(durations->ns + at, end - at, part);
        at = end;
    }
    return quantile(found, count, 0.5);
}

uint64_t durations_quantile(struct durations *durations, double part)
{
    return quantile(durations->ns, durations->count, part);
}
