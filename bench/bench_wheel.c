/* What the timer wheel costs with the timers of one shard: nanoseconds for each operation, and the
 * longest single turn of a keepalive load in 1 ms steps.
 *
 *     bench_wheel [TIMERS]     default 20000 */
#include "core/base/number.h"
#include "core/base/wheel.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PERIOD_MS UINT64_C(30000)

static struct wheel wheel;
static uint64_t fired_count;

static uint64_t clock_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * MONO_NS_PER_S + (uint64_t)t.tv_nsec;
}

static struct mono wheel_ms(uint64_t count)
{
    return (struct mono){count * MONO_NS_PER_MS};
}

static void on_fire(struct wheel_timer *timer, struct mono now)
{
    fired_count++;
    wheel_start(&wheel, timer, mono_add_ms(now, PERIOD_MS));
}

static void wheel_report(const char *what, uint64_t begin_ns, uint64_t count)
{
    printf("%-28s %8.1f ns\n", what, (double)(clock_ns() - begin_ns) / (double)count);
}

/* Four periods of keepalives: each timer fires and restarts itself once in each. */
static void turn_periods(uint64_t count)
{
    uint64_t worst = 0;
    uint64_t begin = clock_ns();
    for (uint64_t t = wheel.now_ms + 1; t <= 4 * PERIOD_MS; t++) {
        uint64_t before = clock_ns();
        wheel_turn(&wheel, wheel_ms(t));
        uint64_t took = clock_ns() - before;
        worst = took > worst ? took : worst;
    }
    wheel_report("keepalive, for each firing", begin, fired_count);
    wheel_report("keepalive, for each tick", begin, 4 * PERIOD_MS);
    printf("%-28s %8.1f us (%llu timers, %llu fired)\n", "longest turn", (double)worst / 1000.0,
           (unsigned long long)count, (unsigned long long)fired_count);
}

int main(int argc, char **argv)
{
    uint64_t count = 20000;
    if (argc > 1 && !number_parse(argv[1], UINT32_MAX, &count))
        return EXIT_FAILURE;
    struct wheel_timer *timers = calloc(count, sizeof *timers);
    if (timers == NULL || count == 0)
        return EXIT_FAILURE;
    wheel_init(&wheel, wheel_ms(0));
    for (size_t i = 0; i < count; i++)
        wheel_timer_init(&timers[i], on_fire);

    uint64_t begin = clock_ns();
    for (size_t i = 0; i < count; i++)
        wheel_start(&wheel, &timers[i], wheel_ms(i * 7919 % PERIOD_MS + 1));
    wheel_report("start", begin, count);
    begin = clock_ns();
    for (size_t i = 0; i < count; i++)
        wheel_start(&wheel, &timers[i], wheel_ms(PERIOD_MS + i * 7919 % PERIOD_MS));
    wheel_report("restart to later", begin, count);
    begin = clock_ns();
    for (size_t i = 0; i < count; i++)
        wheel_start(&wheel, &timers[i], wheel_ms(i * 7907 % PERIOD_MS + 1));
    wheel_report("restart to earlier", begin, count);
    begin = clock_ns();
    for (size_t i = 0; i < count; i++)
        wheel_stop(&wheel, &timers[i]);
    wheel_report("stop", begin, count);

    for (size_t i = 0; i < count; i++)
        wheel_start(&wheel, &timers[i], wheel_ms(i * 7919 % PERIOD_MS + 1));
    turn_periods(count);
    free(timers);
    return EXIT_SUCCESS;
}
