/* What pced says in its log of peers that it has closed as stalled. */
#include "bench/storm/storm.h"

#include "core/base/check.h"
#include "core/base/number.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_SHOWN_MAX 20
#define LOOK_MS         50
#define STALL_LINE      "peer is stalled"
#define REFUSED_LINE    "connection refused"
#define STALLED_NET     20 /* 127.20: see hostile.c */

/* The three octets behind "127." in a line; false when there are none. */
static bool find_source(const char *line, uint64_t octets[3])
{
    const char *at = strstr(line, "127.");
    if (at == NULL)
        return false;
    at += 4;
    for (unsigned i = 0; i < 3; i++) {
        if (!number_take(&at, UINT8_MAX, &octets[i]))
            return false;
        at++;
    }
    return true;
}

static enum stall_reason reason_of(const char *line)
{
    if (strstr(line, "pending-total") != NULL)
        return STALL_PENDING_TOTAL;
    return strstr(line, "SendHoldTimer") != NULL ? STALL_SEND_HOLD : STALL_PENDING_HARD;
}

static void note_stalled(struct stalls *totals, struct hostile_peer *peer, const char *line)
{
    enum stall_reason reason = reason_of(line);
    uint64_t stalled_s = number_behind(line, "without_progress_s=");
    if (reason == STALL_SEND_HOLD) {
        if (totals->by_reason[reason] == 0 || stalled_s < totals->stalled_min_s)
            totals->stalled_min_s = stalled_s;
        if (stalled_s > totals->stalled_max_s)
            totals->stalled_max_s = stalled_s;
    }
    totals->by_reason[reason]++;
    totals->pending_octets += number_behind(line, "pending_octets=");
    totals->dropped_octets += number_behind(line, "dropped_octets=");
    peer->closed_ns = now_ns();
}

static void stall_log_show(struct stall_log *log, const char *line)
{
    if (strstr(line, REFUSED_LINE) == NULL && log->lines_shown++ < LINES_SHOWN_MAX)
        (void)fprintf(stderr, "pced: %s\n", line);
}

static void on_line(void *context, const char *line)
{
    struct stall_log *log = context;
    struct hostile *hostile = atomic_load(&log->hostile);
    uint64_t source[3];
    if (hostile == NULL || strstr(line, STALL_LINE) == NULL || !find_source(line, source)) {
        stall_log_show(log, line);
        return;
    }
    uint32_t index = (uint32_t)(source[1] * 250 + source[2] - 1);
    if (source[0] != STALLED_NET || index >= hostile->options->count) {
        stall_log_show(log, line); /* not one of those that are meant to stall */
        return;
    }
    note_stalled(&log->totals, &hostile->kinds[KIND_STALLED].peers[index], line);
    atomic_fetch_add(&hostile->closed, 1);
}

static void *stall_log_run(void *context)
{
    struct stall_log *log = context;
    struct pollfd wait = {.fd = log->server->log, .events = POLLIN};
    while (!atomic_load(&log->is_over)) {
        (void)poll(&wait, 1, LOOK_MS);
        if (!server_read_log(log->server, on_line, log))
            break;
    }
    return NULL;
}

void stall_log_start(struct stall_log *log)
{
    CHECK(pthread_create(&log->thread, NULL, stall_log_run, log) == 0);
}

void stall_log_stop(struct stall_log *log)
{
    atomic_store(&log->is_over, true);
    (void)pthread_join(log->thread, NULL);
}
