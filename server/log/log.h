/* Log: one line for each event, as text or JSON, written by a thread of its own.
 *
 * A line is put together where the event is, on the caller's stack, and goes into a bounded ring;
 * the log's thread writes it. So neither a slow disk nor a full pipe ever holds a shard: when the
 * ring is full the line is lost and counted. Each place that logs is a site; a site writes at most
 * `rate_max` lines in a second, the rest is counted, and the count follows as `suppressed`.
 *
 *     static struct log_site site = LOG_SITE(WARNING, "connection refused");
 *     struct log_line line;
 *     if (log_begin(&line, &site)) {
 *         log_peer(&line, &ip, port);
 *         log_text(&line, "why", "no memory");
 *         log_end(&line);
 *     }
 *
 * Thread: log_begin … log_end and log_flush by any; log_open, log_configure, log_reopen and
 * log_close by the main thread. Owns: its ring and its file. Bound: LOG_LINE_SIZE octets a line
 * (what does not fit is left out, whole fields at a time), LOG_RING_LINES lines that wait. */
#ifndef PCED_SERVER_LOG_LOG_H
#define PCED_SERVER_LOG_LOG_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "io/os/failure.h"
#include "server/config/config.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_LINE_SIZE  1024 /* octets, the newline included */
#define LOG_RING_LINES 1024 /* a power of two */

/* A place that logs. Static; it joins the list of sites at its first line. */
struct log_tally;

struct log_site {
    const char *event;           /* "session up": constant words, details go into fields */
    uint32_t level;              /* enum config_log_level */
    _Atomic uint64_t window_s;   /* the second that `count` is about */
    _Atomic uint32_t count;      /* lines in this second, the suppressed ones included */
    _Atomic uint32_t suppressed; /* not yet told; of a site with a tally, that has it */
    _Atomic uint32_t is_listed;
    struct log_tally *tally; /* NULL: what is suppressed is only counted */
    struct log_site *next;
};

#define LOG_SITE(level_, event_)                                                                   \
    {                                                                                              \
        .event = (event_), .level = CONFIG_LOG_LEVEL_##level_                                      \
    }
/* One whose lines have reasons. */
#define LOG_SITE_WITH_TALLY(level_, event_, tally_)                                                \
    {                                                                                              \
        .event = (event_), .level = CONFIG_LOG_LEVEL_##level_, .tally = (tally_)                   \
    }

struct log_line {
    char octets[LOG_LINE_SIZE];
    size_t size;
    bool is_json;
    bool is_cut;
};

/* Whether log_open could open its file; makes none. */
PCE_MUST_CHECK enum pce_status log_probe(const struct config_log *config, struct failure *failure);
/* Starts the log's thread. Before this (and after log_close) lines go straight to stderr. */
PCE_MUST_CHECK enum pce_status log_open(const struct config_log *config, struct failure *failure);
/* Level, format and rate; the destination stays. */
void log_configure(const struct config_log *config);
/* Opens the file anew (it may have been moved away); nothing when the destination is stderr. */
PCE_MUST_CHECK enum pce_status log_reopen(struct failure *failure);
/* Waits until the log's thread has written what waits, for about wait_ms at most. Calls nothing
 * that a signal handler may not. */
void log_flush(uint32_t wait_ms);
/* Writes what waits, for at most wait_ms, and ends the thread. */
void log_close(uint32_t wait_ms);

bool log_is_on(enum config_log_level level);
/* False when the line is not wanted or suppressed: then nothing else is to be called for it. */
bool log_begin(struct log_line *line, struct log_site *site);
/* The same for a site with a tally: what is suppressed is counted by its reason (static words), and
 * told in a line of its own at most once a second. */
bool log_begin_for(struct log_line *line, struct log_site *site, const char *reason);
void log_end(struct log_line *line);

/* Fields. Names are constant and plain; values are escaped. */
void log_text(struct log_line *line, const char *name, const char *value);
void log_number(struct log_line *line, const char *name, uint64_t value);
void log_real(struct log_line *line, const char *name, double value);
/* Texts: an array in JSON, "one, two" in a text line. */
void log_list(struct log_line *line, const char *name, const char *const *values, uint32_t count);
void log_ip(struct log_line *line, const char *name, const struct ip *ip);
/* The peer that the line is about: "peer" (and "port" where it is not 0). */
void log_peer(struct log_line *line, const struct ip *ip, uint16_t port);

/* Lines that were lost because the ring was full. */
uint64_t log_lost(void);

/* Tells what sites have suppressed and not yet said; called by the log's thread each second. */
void log_tell_suppressed(void);

#endif
