#include "server/control/event_pump.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/control/change_json.h"
#include "server/control/lsp_json.h"
#include "server/control/network_change_json.h"
#include "server/settings/network_log.h"
#include "server/shard/shard.h"

#include <stdlib.h>

#define NETWORK_BATCH 256 /* changes of the network that are taken at once */

static struct pump_source *source_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct pump_source, ask);
}

/* ---- journals of shards ---- */

/* Read without asking the shard; it may be behind by a turn of it. */
static uint64_t source_last(const struct pump_source *source)
{
    const struct shard_counters *counters = &source->pump->shared->shards[source->shard].counters;
    return counter_get(source->is_of_sessions ? &counters->session_changes
                                              : &counters->lsp_changes);
}

static enum event_kind source_kind(const struct pump_source *source,
                                   const struct journal_record *record)
{
    if (source->is_of_sessions)
        return EVENT_SESSION;
    return lsp_change_is_of_lsp((enum lsp_change)record->change) ? EVENT_LSP : EVENT_PCC;
}

static void source_tell(struct pump_source *source, const struct change_view *view, double now_s)
{
    char name[LSP_NAME_TEXT_SIZE] = "";
    const struct event_about about = {
        .kind = source_kind(source, &view->record),
        .change = lsp_change_text((enum lsp_change)view->record.change),
        .name = name,
        .pcc = view->record.pcc,
    };
    if (!source->is_of_sessions)
        lsp_name_format(view->name, view->name_size, name);
    events_add(&source->pump->events, &about,
               source->is_of_sessions ? session_event_json(view, now_s)
                                      : change_event_json(view, now_s));
}

static void source_prepare(struct ask *ask)
{
    struct pump_source *source = source_of(ask);
    source->list.batch.room = PUMP_BATCH;
    source->taken = source->list.cursor;
}

static bool source_take(struct ask *ask)
{
    struct pump_source *source = source_of(ask);
    const double now_s = clock_wall_s();
    events_add_holes(&source->pump->events, source->list.missed);
    for (uint32_t i = 0; i < source->list.batch.count; i++)
        source_tell(source, &source->list.views[i], now_s);
    source->taken = source->list.cursor;
    return source->list.batch.is_over;
}

/* The source stays, and asks again when there is something new; what a shard has answered too late is read
 * again. */
static void source_destroy(struct ask *ask)
{
    struct pump_source *source = source_of(ask);
    free(source->list.views);
    source->list.views = NULL;
    source->list.cursor = source->taken;
    source->is_asked = false;
}

static const struct ask_kind source_ask = {
    .prepare = source_prepare, .take = source_take, .destroy = source_destroy};

static void source_ask_on(struct pump_source *source)
{
    struct event_pump *pump = source->pump;
    if (source->is_asked || source_last(source) < source->list.cursor)
        return;
    source->list.views = malloc(PUMP_BATCH * sizeof *source->list.views);
    if (source->list.views == NULL)
        return; /* the next time */
    source->is_asked = true;
    ask_start(pump->asks, &source->ask, NULL);
}

static void source_init(struct pump_source *source, struct event_pump *pump, uint32_t shard,
                        bool is_of_sessions)
{
    *source = (struct pump_source){
        .pump = pump,
        .shard = shard,
        .is_of_sessions = is_of_sessions,
        .list.cursor = 1,
        .taken = 1,
        .ask.kind = &source_ask,
        .ask.shard_end = shard + 1,
    };
    source->ask.envelope = (struct envelope){
        .what = envelope_view(is_of_sessions ? VIEW_SESSION_CHANGES : VIEW_CHANGE_LIST),
        .argument = &source->list,
        .shard = shard,
    };
}

/* ---- the network ---- */

static void pump_run_network(struct event_pump *pump)
{
    const struct network_log *log = pump->shared->network_log;
    const uint64_t last = network_log_last(log);
    struct network_change change;
    for (uint32_t i = 0; i < NETWORK_BATCH && pump->network_next <= last; i++) {
        struct event_about about = {.kind = EVENT_TOPOLOGY, .name = ""};
        if (network_log_read(log, pump->network_next++, &change)) {
            about.change = change.what;
            events_add(&pump->events, &about, network_change_json(&change));
        } else {
            events_add_holes(&pump->events, 1);
        }
    }
}

/* ---- all of them ---- */

void pump_init(struct event_pump *pump, struct shared *shared, struct asks *asks)
{
    *pump = (struct event_pump){.shared = shared, .asks = asks, .network_next = 1};
    events_init(&pump->events, shared->started.ns);
}

void pump_fini(struct event_pump *pump)
{
    free(pump->sources);
    pump->sources = NULL;
    events_fini(&pump->events);
}

static bool pump_have_sources(struct event_pump *pump)
{
    const uint32_t count = 2 * pump->shared->shard_count;
    if (pump->sources != NULL)
        return true;
    pump->sources = calloc(count, sizeof *pump->sources);
    if (pump->sources == NULL)
        return false;
    pump->source_count = count;
    for (uint32_t i = 0; i < count; i++)
        source_init(&pump->sources[i], pump, i / 2, i % 2 != 0);
    return true;
}

/* Nobody will ask for what has happened until now. */
static void pump_skip(struct event_pump *pump)
{
    uint64_t skipped = 0;
    for (uint32_t i = 0; i < pump->source_count; i++) {
        struct pump_source *source = &pump->sources[i];
        const uint64_t next = source_last(source) + 1;
        if (source->is_asked || next <= source->list.cursor)
            continue;
        skipped += next - source->list.cursor;
        source->list.cursor = next;
    }
    const uint64_t network_next = network_log_last(pump->shared->network_log) + 1;
    skipped += network_next - pump->network_next;
    pump->network_next = network_next;
    events_add_holes(&pump->events, skipped);
}

bool pump_start(struct event_pump *pump, bool comes_back)
{
    if (!pump_have_sources(pump))
        return false;
    if (!comes_back)
        pump_skip(pump);
    return true;
}

bool pump_run(struct event_pump *pump, struct mono now)
{
    if (!mono_is_before(now, pump->due)) {
        pump->due = mono_add_ms(now, PUMP_EACH_MS);
        pump_run_network(pump);
        for (uint32_t i = 0; i < pump->source_count; i++)
            source_ask_on(&pump->sources[i]);
    }
    const bool has_more = pump->told != pump->events.next;
    pump->told = pump->events.next;
    return has_more;
}
