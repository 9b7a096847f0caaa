/* Decode, of captures: what pcectl decode does with pcap and pcapng.
 *
 * Before each message stands when it came, between whom, and in which packet; what is wrong with
 * the capture stands between the messages. docs/DECODE.md describes both forms.
 *
 * Thread: the only one. Owns: all of the run, until it returns.
 * Bound: those of server/pcectl/capture/; the capture is streamed. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_CAPTURE_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_CAPTURE_H

#include "server/pcectl/capture/filter.h"
#include "server/pcectl/capture/flow.h"
#include "server/pcectl/decode/decode_show.h"

struct decode_capture_options {
    struct flow_options flow;
    struct filter filter;
    bool has_stats; /* the summary instead of the messages */
};

/* Reads the capture to its end. name: of the input, for texts on stderr. Gives the exit code. */
int decode_capture(struct source *source, const char *name, struct decode_show *show,
                   const struct decode_capture_options *options);

#endif
