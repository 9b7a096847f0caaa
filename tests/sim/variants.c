#include "tests/sim/variants.h"

#include "core/base/check.h"
#include "core/ted/topology_file.h"
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>

/* What all of them share: nobody listens for operators, and the witness has values of its own,
 * which keep it out of what a variant does to others. */
#define WITNESS                                                                                    \
    "  - {prefix: " WORLD_WITNESS_V4 ", keepalive: 30, dead-timer: 120, keepalive-min: 1, "        \
    "keepalive-max: 255, dead-timer-min: 1, dead-timer-max: 255, send-hold: auto, "                \
    "pending-soft: 131072, pending-hard: 1048576, requests-in-flight: 64}\n"
#define COMMON "control: {socket: \"\"}\n"

static const char *const configs[] = {
    COMMON "log: {level: info, rate: 1000000}\n"
           "limits: {reply-cache: 1}\n"
           "peers:\n" WITNESS,
    /* everything tight */
    COMMON "log: {level: debug, rate: 1000000}\n"
           "session: {open-wait: 5, keep-wait: 5, send-hold: 10, send-hold-grace: 1, "
           "send-hold-sample: 1, unknown-messages-max: 2, unknown-requests-max: 2}\n"
           "limits: {sessions: 8, half-open: 4, half-open-per-prefix: 2, half-open-prefix-v6: 64, "
           "message-size: 1024, reply-size: 256, pending-soft: 4096, pending-hard: 8192, "
           "pending-total: 1, requests-in-flight: 4, request-queue: 64, path-work-inline: 1, "
           "reply-cache: 0}\n"
           "peers:\n" WITNESS,
    /* we connect, too */
    COMMON "log: {level: info, rate: 1000000}\n"
           "limits: {reply-cache: 1, path-work-inline: 100}\n"
           "peers:\n"
           "  - {prefix: 10.0.0.1, connect: {}}\n"
           "  - {prefix: 10.0.0.2, connect: {local-address: 192.0.2.250, local-port: 4189}}\n"
           "  - {prefix: \"2001:db8:10::1\", connect: {local-address: \"2001:db8::250\"}}\n"
           "  - {prefix: 10.0.0.3, send-hold: off, pending-soft: 4096, connect: {}}\n" WITNESS,
    /* some may not come; what is offered is little */
    COMMON "log: {level: warning, format: json, rate: 1000000}\n"
           "access: {policy: permit, deny: [10.0.0.0/28, \"2001:db8:10::/64\"]}\n"
           "session: {keepalive: 0, dead-timer: 0, allow-keepalive-zero: false, negotiate: false, "
           "starttls: refuse, send-hold: off}\n"
           "capabilities: {stateful: false, stateful-update: false, stateful-initiate: false, "
           "sr-mpls: false}\n"
           "limits: {reply-cache: 1, path-work-inline: 0}\n"
           "peers:\n" WITNESS,
    /* many, gathered, all of it computed elsewhere */
    COMMON "log: {level: info, rate: 20}\n"
           "server: {gather: 100}\n"
           "session: {keepalive: 1, dead-timer: 4, keepalive-min: 2, dead-timer-min: 8, "
           "dead-timer-max: 60}\n"
           "capabilities: {srv6: true}\n"
           "limits: {half-open: 200, half-open-per-prefix: 100, path-work-inline: 1, "
           "reply-cache: 1, pending-soft: 8192}\n"
           "peers:\n" WITNESS,
};

static const char *const topologies[] = {
    /* a ring of five with a chord, SIDs, affinities and unequal bandwidth */
    "network: {name: ring}\n"
    "defaults: {srgb: {base: 16000, size: 8000}, node-msd: 4, capacity: 10G}\n"
    "nodes:\n"
    "  - {name: A, router-id: 192.0.2.1, router-id-v6: \"2001:db8::1\", prefix-sid: 1}\n"
    "  - {name: B, router-id: 192.0.2.2, router-id-v6: \"2001:db8::2\", prefix-sid: 2}\n"
    "  - {name: C, router-id: 192.0.2.3, router-id-v6: \"2001:db8::3\", prefix-sid: 3}\n"
    "  - {name: D, router-id: 192.0.2.4, router-id-v6: \"2001:db8::4\", prefix-sid: 4}\n"
    "  - {name: E, router-id: 192.0.2.5, router-id-v6: \"2001:db8::5\", prefix-sid: 5}\n"
    "links:\n"
    "  - {from: A, to: B, igp-metric: 10}\n"
    "  - {from: B, to: C, igp-metric: 10, capacity: 1G}\n"
    "  - {from: C, to: D, igp-metric: 30}\n"
    "  - {from: D, to: E, igp-metric: 10}\n"
    "  - {from: E, to: A, igp-metric: 20}\n"
    "  - {from: B, to: D, igp-metric: 15}\n",
    /* a line, other names and numbers */
    "network: {name: line}\n"
    "nodes:\n"
    "  - {name: X, router-id: 192.0.2.1}\n"
    "  - {name: Y, router-id: 192.0.2.9}\n"
    "  - {name: Z, router-id: 192.0.2.2}\n"
    "links:\n"
    "  - {from: X, to: Y, igp-metric: 1}\n"
    "  - {from: Y, to: Z, igp-metric: 10}\n",
};

#define CONFIGS    (sizeof configs / sizeof configs[0])
#define TOPOLOGIES (sizeof topologies / sizeof topologies[0])

static struct config parsed[CONFIGS];
static bool is_parsed;

static void parse_all(void)
{
    for (unsigned i = 0; i < CONFIGS; i++) {
        struct config_fault fault;
        enum pce_status status =
            config_read(configs[i], strlen(configs[i]), "", &parsed[i], &fault);
        if (status != PCE_OK)
            fprintf(stderr, "variant %u, line %u: %s %s\n", i, fault.line, fault.key, fault.reason);
        CHECK(status == PCE_OK);
    }
    is_parsed = true;
}

unsigned variant_config_count(void)
{
    return CONFIGS;
}

const struct config *variant_config(unsigned variant)
{
    if (!is_parsed)
        parse_all();
    return &parsed[variant % CONFIGS];
}

struct ted_snapshot *variant_topology(unsigned variant)
{
    const char *text;
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    variant %= TOPOLOGIES + 1;
    if (variant == TOPOLOGIES)
        return NULL;
    text = topologies[variant];
    CHECK(topology_file_read(text, strlen(text), &snapshot, &fault) == PCE_OK);
    return snapshot;
}
