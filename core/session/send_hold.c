#include "core/session/send_hold.h"
#include "core/base/check.h"

_Static_assert(sizeof(struct send_hold) <= 48, "a million sessions have one each");

static uint8_t larger(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

uint32_t send_hold_effective_s(uint32_t configured_s, uint8_t dead_timer_s,
                               uint8_t own_dead_timer_s)
{
    if (configured_s != SEND_HOLD_AUTO)
        return configured_s;
    uint32_t twice = 2U * larger(dead_timer_s, own_dead_timer_s);
    return twice > SEND_HOLD_DEFAULT_S ? twice : SEND_HOLD_DEFAULT_S;
}

bool send_hold_is_short(uint32_t configured_s, uint8_t dead_timer_s, uint8_t own_dead_timer_s)
{
    return configured_s != SEND_HOLD_OFF && configured_s != SEND_HOLD_AUTO &&
           configured_s <= larger(dead_timer_s, own_dead_timer_s);
}

static bool is_running(const struct send_hold *hold)
{
    return hold->sample_s != 0;
}

static struct mono expiry(const struct send_hold *hold)
{
    return hold->hold_s == 0 ? MONO_NEVER : mono_add_s(hold->since, hold->hold_s);
}

/* One period from now, and not after the instant at which the time is over. */
static struct mono next_sample(const struct send_hold *hold, struct mono now)
{
    return mono_min(mono_add_s(now, hold->sample_s), expiry(hold));
}

/* The first message after a time in which nothing was outstanding. */
static void send_hold_begin(struct send_hold *hold, uint64_t end, struct mono now)
{
    CHECK(end > hold->end && send_marks_covered(hold->marks) == 0);
    bool is_short = end - hold->end <= SEND_HOLD_SHORT_SIZE;
    hold->next_end = end;
    hold->end = end;
    hold->since = now;
    hold->is_backlog = false;
    hold->sample_at = is_short && hold->hold_s != 0 ? expiry(hold) : next_sample(hold, now);
}

void send_hold_start(struct send_hold *hold, uint32_t hold_s, uint16_t sample_s, uint64_t queued,
                     struct mono now)
{
    CHECK(!is_running(hold) && hold->marks == NULL && sample_s != 0);
    *hold = (struct send_hold){.hold_s = hold_s, .sample_s = sample_s, .sample_at = MONO_NEVER};
    if (queued != 0)
        send_hold_begin(hold, queued, now);
}

void send_hold_set(struct send_hold *hold, uint32_t hold_s, uint16_t sample_s, struct mono now)
{
    if (!is_running(hold) || (hold_s == hold->hold_s && sample_s == hold->sample_s))
        return;
    CHECK(sample_s != 0);
    hold->hold_s = hold_s;
    hold->sample_s = sample_s;
    if (hold->next_end != 0)
        hold->sample_at = next_sample(hold, now);
}

void send_hold_stop(struct send_hold *hold)
{
    send_marks_free(&hold->marks);
    *hold = (struct send_hold){0};
}

void send_hold_on_message(struct send_hold *hold, uint64_t end, struct mono now)
{
    if (!is_running(hold))
        return;
    CHECK(end > hold->end);
    if (hold->next_end == 0) {
        send_hold_begin(hold, end, now);
        return;
    }
    /* The last end has a place of its own; it needs a mark when another one takes that. */
    uint64_t covered = hold->next_end + send_marks_covered(hold->marks);
    CHECK(covered <= hold->end);
    /* Where an earlier mark found no memory, `covered` stayed behind: this span makes up for it. */
    if (hold->end > covered)
        send_marks_push(&hold->marks, hold->end - covered);
    hold->end = end;
    hold->sample_at = mono_min(hold->sample_at, next_sample(hold, now));
}

struct mono send_hold_deadline(const struct send_hold *hold)
{
    return is_running(hold) ? hold->sample_at : MONO_NEVER;
}

bool send_hold_take_sample(struct send_hold *hold, struct mono now)
{
    if (mono_is_before(now, send_hold_deadline(hold)))
        return false;
    hold->sample_at = mono_add_s(now, hold->sample_s);
    return true;
}

static void clear(struct send_hold *hold)
{
    send_marks_clear(&hold->marks);
    hold->next_end = 0;
    hold->is_backlog = false;
    hold->sample_at = MONO_NEVER;
}

static void advance(struct send_hold *hold, uint64_t acknowledged)
{
    CHECK(acknowledged < hold->end); /* else the walk would end past the last message */
    while (hold->next_end <= acknowledged) {
        uint64_t span = send_marks_pop(hold->marks);
        hold->next_end = span == 0 ? hold->end : hold->next_end + span;
    }
}

enum send_hold_verdict send_hold_on_sample(struct send_hold *hold, uint64_t acknowledged,
                                           struct mono now)
{
    if (!is_running(hold) || hold->next_end == 0)
        return SEND_HOLD_CLEAR;
    CHECK(hold->next_end <= hold->end);
    if (acknowledged >= hold->end) {
        clear(hold);
        return SEND_HOLD_CLEAR;
    }
    hold->is_backlog = true;
    enum send_hold_verdict verdict = SEND_HOLD_WAITING;
    if (acknowledged >= hold->next_end) {
        advance(hold, acknowledged);
        hold->since = now;
        verdict = SEND_HOLD_PROGRESS;
    } else if (!mono_is_before(now, expiry(hold))) {
        /* A period more before the owner is told again: ending the session may take it a while. */
        hold->sample_at = mono_add_s(now, hold->sample_s);
        return SEND_HOLD_EXPIRED;
    }
    hold->sample_at = next_sample(hold, now);
    return verdict;
}

uint64_t send_hold_stalled_ns(const struct send_hold *hold, struct mono now)
{
    CHECK(!hold->is_backlog || hold->next_end != 0);
    return hold->is_backlog ? mono_since_ns(now, hold->since) : 0;
}

size_t send_hold_octets(const struct send_hold *hold)
{
    return send_marks_octets(hold->marks);
}
