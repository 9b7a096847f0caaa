/* Network log: the last changes of the network, each with who told it, for operators. The topology
 * thread writes, and whoever asks reads on from a cursor of its own; a reader that comes too late
 * is told how many it has missed.
 *
 * A record is written and read word by word. A reader takes it for what it is when its first word,
 * the sequence number, is the same before and after: the writer clears that first, and each word of
 * the record that is read was written after that.
 *
 * Thread: network_log_add by the one writer, all else by any. Owns: its records.
 * Bound: NETWORK_LOG_RECORDS; older ones are overwritten. */
#ifndef PCED_SERVER_SETTINGS_NETWORK_LOG_H
#define PCED_SERVER_SETTINGS_NETWORK_LOG_H

#include <stdbool.h>
#include <stdint.h>

#define NETWORK_LOG_RECORDS 4096

struct network_change {
    uint64_t sequence;   /* from 1, without gaps; set by network_log_add */
    uint64_t generation; /* the first topology that may have it */
    double at_s;         /* since 1970 */
    const char *what;    /* constant texts: "changed" … */
    const char *kind;    /* "link" … */
    char source[64];
    char node[80];
    char remote[80];
    char text[200];
};

struct network_log;

/* NULL when memory ran out. */
struct network_log *network_log_create(void);
void network_log_destroy(struct network_log *log);

void network_log_add(struct network_log *log, const struct network_change *change);
/* The last one's; 0: there is none yet. */
uint64_t network_log_last(const struct network_log *log);
/* The change of that number. False: it has been overwritten, or is not there yet. */
bool network_log_read(const struct network_log *log, uint64_t sequence,
                      struct network_change *change);

#endif
