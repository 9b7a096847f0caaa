#include "bench/pceload/run.h"

#include "io/os/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_NS        (5 * MONO_NS_PER_MS)
#define LEAD_NS        (20 * MONO_NS_PER_MS) /* the phase is set so much ahead, for all to see it */
#define LEAVE_NS       (30 * MONO_NS_PER_S)  /* at most, for all sessions to be closed */
#define LEAVE_MIN_NS   (120 * MONO_NS_PER_MS) /* a worker that waits sees the stage by then */
#define LEAVE_STILL_NS (2 * MONO_NS_PER_S)
#define DURATION_S     10.0  /* where neither a duration nor a number is given */
#define SYNC_LIMIT_S   600.0 /* and what is measured is a synchronisation: its longest */

static uint64_t ns_of(double seconds)
{
    return (uint64_t)(seconds * 1e9);
}

/* ---- start ---- */

static bool run_say(const char *text)
{
    (void)fprintf(stderr, "pceload: %s\n", text);
    return false;
}

static bool run_start_worker(struct run *run, uint32_t number)
{
    struct worker *worker = &run->workers[number];
    char name[THREAD_NAME_SIZE];
    (void)snprintf(name, sizeof name, "pceload-%u", number % 1000);
    worker->given = (struct worker_given){.options = run->options,
                                          .network = &run->network,
                                          .templates = &run->templates,
                                          .stage = &run->stage,
                                          .number = number,
                                          .rings = run->options->rings};
    if (thread_start(&worker->thread, name, THREAD_CPU_ANY, worker_run, worker, &worker->failure) !=
        PCE_OK)
        return run_say(worker->failure.text);
    run->count++;
    struct timespec pause = {.tv_nsec = (long)MONO_NS_PER_MS};
    while (atomic_load(&worker->started) == 0)
        (void)nanosleep(&pause, NULL);
    return atomic_load(&worker->started) > 0 || run_say(worker->failure.text);
}

bool run_start(struct run *run, const struct options *options)
{
    struct failure failure = {0};
    *run = (struct run){.options = options};
    counter_set(&run->stage.reports_from, options->is_held ? STAGE_NEVER : 0);
    counter_set(&run->stage.load_from, STAGE_NEVER);
    counter_set(&run->stage.measure_from, STAGE_NEVER);
    counter_set(&run->stage.measure_until, STAGE_NEVER);
    if (network_init(&run->network, options, &failure) != PCE_OK)
        return run_say(failure.text);
    templates_make(&run->templates, options, run->network.is_v6);
    run->workers = calloc(options->rings, sizeof *run->workers);
    if (run->workers == NULL)
        return run_say("no memory");
    run->begin_ns = clock_now().ns;
    for (uint32_t i = 0; i < options->rings; i++) {
        if (!run_start_worker(run, i))
            return false;
    }
    return true;
}

static void stop(struct run *run)
{
    atomic_store(&run->stage.is_over, true);
    for (uint32_t i = 0; i < run->count; i++)
        thread_join(&run->workers[i].thread);
    run->count = 0;
}

void run_fini(struct run *run)
{
    stop(run);
    for (uint32_t i = 0; run->workers != NULL && i < run->options->rings; i++)
        instants_fini(&run->workers[i].results.orders);
    free(run->workers);
    network_fini(&run->network);
}

/* ---- what the workers say ---- */

#define SUM(run, member) sum(run, offsetof(struct live_counters, member))

static uint64_t sum(const struct run *run, size_t offset)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < run->count; i++) {
        const char *counters = (const char *)&run->workers[i].counters;
        total += counter_get((const struct counter *)(const void *)(counters + offset));
    }
    return total;
}

static void show_progress(struct run *run, const char *phase)
{
    uint64_t now = clock_now().ns;
    if (run->options->progress_s == 0 || now < run->next_progress_ns)
        return;
    uint64_t replied = SUM(run, all_replied);
    (void)fprintf(stderr,
                  "%7.1f s  %-8s up %llu, lost %llu, failed %llu, answers %.0f/s, out %llu\n",
                  (double)(now - run->begin_ns) / 1e9, phase, (unsigned long long)SUM(run, up),
                  (unsigned long long)SUM(run, lost), (unsigned long long)SUM(run, failed),
                  (double)(replied - run->last_replied) / run->options->progress_s,
                  (unsigned long long)SUM(run, outstanding));
    run->last_replied = replied;
    run->next_progress_ns = now + run->options->progress_s * MONO_NS_PER_S;
}

/* A short while, with the signals that come in it. */
static void watch_for(struct run *run, const char *phase)
{
    const struct timespec pause = {.tv_nsec = (long)LOOK_NS};
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGUSR1);
    int number = sigtimedwait(&signals, NULL, &pause);
    if (number == SIGUSR1)
        run->has_signal = true;
    else if (number > 0)
        run->is_ended = true;
    show_progress(run, phase);
}

/* ---- the phases ---- */

/* Sessions that stay away. */
static uint64_t gone(const struct run *run)
{
    return SUM(run, failed) + (run->options->reconnect_s > 0 ? 0 : SUM(run, lost));
}

static void ramp(struct run *run, struct summary *summary)
{
    const struct options *options = run->options;
    uint64_t well = summary->wanted;
    uint64_t limit = run->begin_ns + ns_of(options->ramp_limit_s);
    while (!run->is_ended && SUM(run, up) < well && clock_now().ns < limit &&
           SUM(run, up) + gone(run) < well)
        watch_for(run, "ramp");
    summary->ramp_s = (double)(clock_now().ns - run->begin_ns) / 1e9;
    if (options->has_control) {
        (void)printf("up %llu\n", (unsigned long long)SUM(run, up));
        (void)fflush(stdout);
    }
}

/* There is nothing else to do, and no time for it is given: it ends when that is done. */
static bool is_only_synchronised(const struct options *options)
{
    return options->is_stateful && !options_has_load(options) && options->duration_s == 0;
}

static void set_measured(struct run *run, uint64_t from)
{
    const struct options *options = run->options;
    double duration = options->duration_s;
    if (duration == 0 && is_only_synchronised(options))
        duration = SYNC_LIMIT_S;
    else if (duration == 0)
        duration = options->requests > 0 ? 1e7 : DURATION_S;
    counter_set(&run->stage.measure_until, from + ns_of(duration));
    counter_set(&run->stage.measure_from, from);
}

/* Sets when it is measured; the load begins before. That comes last: no request may be sent while
 * it is not known whether it is measured, however long we wait for a processor in between. */
static void set_stage(struct run *run)
{
    const struct options *options = run->options;
    while (options->is_held && !run->has_signal && !run->is_ended)
        watch_for(run, "held");
    run->has_signal = false;
    if (options->is_held)
        counter_set(&run->stage.reports_from, clock_now().ns + LEAVE_MIN_NS);
    uint64_t load_from = clock_now().ns + LEAD_NS;
    uint64_t from = load_from + (options_has_load(options) ? ns_of(options->warm_up_s) : 0);
    set_measured(run, from);
    counter_set(&run->stage.load_from, load_from);
    while (!run->is_ended && !run->has_signal && clock_now().ns + LEAD_NS < from)
        watch_for(run, "warm-up");
    if (run->has_signal)
        set_measured(run, clock_now().ns + LEAD_NS);
}

/* The earliest, or the latest, instant of all workers; 0: none has one. */
static double instant_s(const struct run *run, size_t offset, bool is_latest)
{
    uint64_t found = 0;
    for (uint32_t i = 0; i < run->count; i++) {
        const char *counters = (const char *)&run->workers[i].counters;
        uint64_t ns = counter_get((const struct counter *)(const void *)(counters + offset));
        if (ns != 0 && (found == 0 || (is_latest ? ns > found : ns < found)))
            found = ns;
    }
    return (double)found / 1e9;
}

#define FIRST(run, member) instant_s(run, offsetof(struct live_counters, member), false)
#define LAST(run, member)  instant_s(run, offsetof(struct live_counters, member), true)

static void look_at_reports(struct run *run, struct summary *summary)
{
    if (!run->options->is_stateful)
        return;
    double first = FIRST(run, first_report_ns);
    if (summary->reports_s == 0 && SUM(run, reports_done) == summary->wanted)
        summary->reports_s = (double)clock_now().ns / 1e9 - first;
    bool was_synchronised = run->is_synchronised;
    run->is_synchronised = SUM(run, synchronised) >= summary->wanted;
    if (!run->is_synchronised || was_synchronised)
        return;
    double seconds = LAST(run, last_mark_ns) - first;
    summary->sync_s = summary->sync_s > 0 ? summary->sync_s : seconds;
    if (run->options->has_control) {
        (void)printf("synchronised %llu %.6f\n", (unsigned long long)summary->wanted, seconds);
        (void)fflush(stdout);
    }
}

static void look_at_orders(const struct run *run, struct summary *summary)
{
    summary->synchronised = SUM(run, synchronised);
    summary->first_report_at = FIRST(run, first_report_ns);
    summary->last_mark_at = LAST(run, last_mark_ns);
    summary->first_order_at = FIRST(run, first_order_ns);
    summary->last_order_at = LAST(run, last_order_ns);
}

static bool is_done(const struct run *run)
{
    uint64_t wanted = run->options->requests;
    if (is_only_synchronised(run->options) &&
        SUM(run, synchronised) + gone(run) >=
            run->options->sessions - options_misbehaving(run->options))
        return true;
    if (run->is_ended || clock_now().ns >= counter_get(&run->stage.measure_until))
        return true;
    return wanted > 0 && SUM(run, replied) + SUM(run, refused) >= wanted;
}

static uint64_t last_reply(const struct run *run)
{
    uint64_t last = 0;
    for (uint32_t i = 0; i < run->count; i++) {
        uint64_t ns = counter_get(&run->workers[i].counters.last_reply_ns);
        last = ns > last ? ns : last;
    }
    return last;
}

static void measure_load(struct run *run, struct summary *summary)
{
    struct stage *stage = &run->stage;
    while (!is_done(run)) {
        watch_for(run, "measure");
        look_at_reports(run, summary);
    }
    look_at_reports(run, summary);
    uint64_t until = clock_now().ns;
    if (until < counter_get(&stage->measure_until))
        counter_set(&stage->measure_until, until);
    until = counter_get(&stage->measure_until);
    uint64_t from = counter_get(&stage->measure_from), last = last_reply(run);
    if (run->options->requests > 0 && last > from && last < until)
        until = last;
    summary->seconds = until > from ? (double)(until - from) / 1e9 : 0;
}

/* What was asked may still be answered. */
static void drain(struct run *run)
{
    uint64_t limit = clock_now().ns + ns_of(run->options->drain_s);
    do
        watch_for(run, "drain");
    while (SUM(run, outstanding) > 0 && clock_now().ns < limit);
}

/* Sessions are closed in order, so that the server has room for the next ones at once. A server
 * that does not end them (the floor) is not waited for. */
static void close_sessions(struct run *run)
{
    uint64_t last = UINT64_MAX, changed = clock_now().ns, limit = changed + LEAVE_NS;
    atomic_store(&run->stage.is_leaving, true);
    for (uint64_t now = changed; now < limit; now = clock_now().ns) {
        uint64_t leaving = SUM(run, leaving);
        if (leaving != last)
            changed = now;
        last = leaving;
        if (now - changed > (leaving == 0 ? LEAVE_MIN_NS : LEAVE_STILL_NS))
            break;
        watch_for(run, "close");
    }
}

void run_run(struct run *run, struct summary *summary)
{
    memset(summary, 0, sizeof *summary);
    summary->options = run->options;
    summary->wanted = run->options->sessions - options_misbehaving(run->options);
    ramp(run, summary);
    bool comes_again = run->options->reconnect_s > 0 && SUM(run, lost) > 0;
    if (SUM(run, up) > 0 || comes_again || options_misbehaving(run->options) > 0) {
        set_stage(run);
        measure_load(run, summary);
        drain(run);
    }
    look_at_orders(run, summary);
    summary->up = SUM(run, up);
    summary->lost = SUM(run, lost);
    summary->failed = SUM(run, failed);
    if (!run->options->is_floor)
        close_sessions(run);
    uint32_t count = run->count;
    stop(run);
    for (uint32_t i = 0; i < count; i++)
        summary_add(summary, &run->workers[i].counters, &run->workers[i].results);
}
