#include "bench/pceload/crew.h"

#include "io/os/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_NS        (5 * MONO_NS_PER_MS)
#define LEAD_NS        (20 * MONO_NS_PER_MS) /* the phase is set so much ahead, for all to see it */
#define LEAVE_NS       (30 * MONO_NS_PER_S)  /* at most, for all sessions to be closed */
#define LEAVE_LEAST_NS (120 * MONO_NS_PER_MS) /* a worker that waits sees the stage by then */
#define LEAVE_STILL_NS (2 * MONO_NS_PER_S)
#define DURATION_S     10.0 /* where neither a duration nor a number is given */

static uint64_t ns_of(double seconds)
{
    return (uint64_t)(seconds * 1e9);
}

/* ---- start ---- */

static bool say(const char *text)
{
    (void)fprintf(stderr, "pceload: %s\n", text);
    return false;
}

static bool start_worker(struct crew *crew, uint32_t number)
{
    struct worker *worker = &crew->workers[number];
    char name[THREAD_NAME_SIZE];
    (void)snprintf(name, sizeof name, "pceload-%u", number % 1000);
    worker->given = (struct worker_given){.options = crew->options,
                                          .network = &crew->network,
                                          .templates = &crew->templates,
                                          .stage = &crew->stage,
                                          .number = number,
                                          .rings = crew->options->rings};
    if (thread_start(&worker->thread, name, THREAD_CPU_ANY, worker_run, worker, &worker->failure) !=
        PCE_OK)
        return say(worker->failure.text);
    crew->count++;
    struct timespec pause = {.tv_nsec = (long)MONO_NS_PER_MS};
    while (atomic_load(&worker->started) == 0)
        (void)nanosleep(&pause, NULL);
    return atomic_load(&worker->started) > 0 || say(worker->failure.text);
}

bool crew_start(struct crew *crew, const struct options *options)
{
    struct failure failure = {0};
    *crew = (struct crew){.options = options};
    counter_set(&crew->stage.load_from, STAGE_NEVER);
    counter_set(&crew->stage.measure_from, STAGE_NEVER);
    counter_set(&crew->stage.measure_until, STAGE_NEVER);
    if (network_init(&crew->network, options, &failure) != PCE_OK)
        return say(failure.text);
    templates_make(&crew->templates, options, crew->network.is_v6);
    crew->workers = calloc(options->rings, sizeof *crew->workers);
    if (crew->workers == NULL)
        return say("no memory");
    crew->begin_ns = clock_now().ns;
    for (uint32_t i = 0; i < options->rings; i++) {
        if (!start_worker(crew, i))
            return false;
    }
    return true;
}

static void stop(struct crew *crew)
{
    atomic_store(&crew->stage.is_over, true);
    for (uint32_t i = 0; i < crew->count; i++)
        thread_join(&crew->workers[i].thread);
    crew->count = 0;
}

void crew_fini(struct crew *crew)
{
    stop(crew);
    free(crew->workers);
    network_fini(&crew->network);
}

/* ---- what the workers say ---- */

#define SUM(crew, member) sum(crew, offsetof(struct live_counters, member))

static uint64_t sum(const struct crew *crew, size_t offset)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < crew->count; i++) {
        const char *counters = (const char *)&crew->workers[i].counters;
        total += counter_get((const struct counter *)(const void *)(counters + offset));
    }
    return total;
}

static void show_progress(struct crew *crew, const char *phase)
{
    uint64_t now = clock_now().ns;
    if (crew->options->progress_s == 0 || now < crew->next_progress_ns)
        return;
    uint64_t replied = SUM(crew, all_replied);
    (void)fprintf(stderr,
                  "%7.1f s  %-8s up %llu, lost %llu, failed %llu, answers %.0f/s, out %llu\n",
                  (double)(now - crew->begin_ns) / 1e9, phase, (unsigned long long)SUM(crew, up),
                  (unsigned long long)SUM(crew, lost), (unsigned long long)SUM(crew, failed),
                  (double)(replied - crew->last_replied) / crew->options->progress_s,
                  (unsigned long long)SUM(crew, outstanding));
    crew->last_replied = replied;
    crew->next_progress_ns = now + crew->options->progress_s * MONO_NS_PER_S;
}

/* A short while, with the signals that come in it. */
static void watch_for(struct crew *crew, const char *phase)
{
    const struct timespec pause = {.tv_nsec = (long)LOOK_NS};
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGUSR1);
    int number = sigtimedwait(&signals, NULL, &pause);
    if (number == SIGUSR1)
        crew->has_signal = true;
    else if (number > 0)
        crew->is_ended = true;
    show_progress(crew, phase);
}

/* ---- the phases ---- */

static void ramp(struct crew *crew, struct summary *summary)
{
    const struct options *options = crew->options;
    uint64_t well = summary->wanted;
    uint64_t limit = crew->begin_ns + ns_of(options->ramp_limit_s);
    while (!crew->is_ended && SUM(crew, up) < well && clock_now().ns < limit &&
           SUM(crew, up) + SUM(crew, failed) + SUM(crew, lost) < well)
        watch_for(crew, "ramp");
    summary->ramp_s = (double)(clock_now().ns - crew->begin_ns) / 1e9;
    if (options->has_control) {
        (void)printf("up %llu\n", (unsigned long long)SUM(crew, up));
        (void)fflush(stdout);
    }
}

static void set_measured(struct crew *crew, uint64_t from)
{
    const struct options *options = crew->options;
    double duration = options->duration_s;
    if (duration == 0)
        duration = options->requests > 0 ? 1e7 : DURATION_S;
    counter_set(&crew->stage.measure_until, from + ns_of(duration));
    counter_set(&crew->stage.measure_from, from);
}

/* Sets when it is measured; the load begins before. That comes last: no request may be sent while
 * it is not known whether it is measured, however long we wait for a processor in between. */
static void set_stage(struct crew *crew)
{
    const struct options *options = crew->options;
    while (options->is_held && !crew->has_signal && !crew->is_ended)
        watch_for(crew, "held");
    crew->has_signal = false;
    uint64_t load_from = clock_now().ns + LEAD_NS;
    uint64_t from = load_from + (options_has_load(options) ? ns_of(options->warm_up_s) : 0);
    set_measured(crew, from);
    counter_set(&crew->stage.load_from, load_from);
    while (!crew->is_ended && !crew->has_signal && clock_now().ns + LEAD_NS < from)
        watch_for(crew, "warm-up");
    if (crew->has_signal)
        set_measured(crew, clock_now().ns + LEAD_NS);
}

static void show_reports(const struct crew *crew, struct summary *summary)
{
    if (crew->options->reports > 0 && summary->reports_s == 0 &&
        SUM(crew, reports_done) == summary->wanted)
        summary->reports_s = (double)(clock_now().ns - crew->begin_ns) / 1e9 - summary->ramp_s;
}

static bool is_done(const struct crew *crew)
{
    uint64_t wanted = crew->options->requests;
    if (crew->is_ended || clock_now().ns >= counter_get(&crew->stage.measure_until))
        return true;
    return wanted > 0 && SUM(crew, replied) + SUM(crew, refused) >= wanted;
}

static uint64_t last_reply(const struct crew *crew)
{
    uint64_t last = 0;
    for (uint32_t i = 0; i < crew->count; i++) {
        uint64_t ns = counter_get(&crew->workers[i].counters.last_reply_ns);
        last = ns > last ? ns : last;
    }
    return last;
}

static void measure_load(struct crew *crew, struct summary *summary)
{
    struct stage *stage = &crew->stage;
    while (!is_done(crew)) {
        watch_for(crew, "measure");
        show_reports(crew, summary);
    }
    uint64_t until = clock_now().ns;
    if (until < counter_get(&stage->measure_until))
        counter_set(&stage->measure_until, until);
    until = counter_get(&stage->measure_until);
    uint64_t from = counter_get(&stage->measure_from), last = last_reply(crew);
    if (crew->options->requests > 0 && last > from && last < until)
        until = last;
    summary->seconds = until > from ? (double)(until - from) / 1e9 : 0;
}

/* What was asked may still be answered. */
static void drain(struct crew *crew)
{
    uint64_t limit = clock_now().ns + ns_of(crew->options->drain_s);
    do
        watch_for(crew, "drain");
    while (SUM(crew, outstanding) > 0 && clock_now().ns < limit);
}

/* Sessions are closed in order, so that the server has room for the next ones at once. A server
 * that does not end them (the floor) is not waited for. */
static void close_sessions(struct crew *crew)
{
    uint64_t last = UINT64_MAX, changed = clock_now().ns, limit = changed + LEAVE_NS;
    atomic_store(&crew->stage.is_leaving, true);
    for (uint64_t now = changed; now < limit; now = clock_now().ns) {
        uint64_t leaving = SUM(crew, leaving);
        if (leaving != last)
            changed = now;
        last = leaving;
        if (now - changed > (leaving == 0 ? LEAVE_LEAST_NS : LEAVE_STILL_NS))
            break;
        watch_for(crew, "close");
    }
}

void crew_run(struct crew *crew, struct summary *summary)
{
    memset(summary, 0, sizeof *summary);
    summary->options = crew->options;
    summary->wanted = crew->options->sessions - options_misbehaving(crew->options);
    ramp(crew, summary);
    if (SUM(crew, up) > 0 || options_misbehaving(crew->options) > 0) {
        set_stage(crew);
        measure_load(crew, summary);
        drain(crew);
    }
    summary->up = SUM(crew, up);
    summary->lost = SUM(crew, lost);
    summary->failed = SUM(crew, failed);
    if (!crew->options->is_floor)
        close_sessions(crew);
    uint32_t count = crew->count;
    stop(crew);
    for (uint32_t i = 0; i < count; i++)
        summary_add(summary, &crew->workers[i].counters, &crew->workers[i].results);
}
