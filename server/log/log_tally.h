/* Log tally: how often each reason stood in lines of one site that the rate has suppressed.
 *
 * Thread: log_tally_add by any, log_tally_take by any: each count is told once.
 * Owns: nothing. The reasons are static texts.
 * Bound: LOG_TALLY_ROWS different reasons; others are counted together. */
#ifndef PCED_SERVER_LOG_LOG_TALLY_H
#define PCED_SERVER_LOG_LOG_TALLY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_TALLY_ROWS      32
#define LOG_TALLY_TEXT_SIZE 640 /* octets of what one line of the log may be asked to hold */

struct log_tally_row {
    _Atomic(const char *) reason; /* NULL: the row is free; never freed again */
    _Atomic uint32_t count;
};

struct log_tally {
    struct log_tally_row rows[LOG_TALLY_ROWS];
    _Atomic uint32_t others;
};

/* NULL is one of the others. */
void log_tally_add(struct log_tally *tally, const char *reason);
/* "200 connection reset by the peer, 80 DeadTimer expired", and the counts begin anew; "" when
 * there were none. What does not fit is told as "… 7 others". Returns the sum of what is told. */
uint32_t log_tally_take(struct log_tally *tally, char text[LOG_TALLY_TEXT_SIZE]);

#endif
