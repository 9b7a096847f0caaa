#include "server/pcectl/request/request_source.h"

#include "core/base/mono.h"
#include "core/pcep/error.h"

#include <stdio.h>

/* 127.64.0.0/10: 22 bits, as many as a process number has, and none of the addresses that people
 * pick by hand. */
#define SOURCE_NET  (UINT32_C(127) << 24 | UINT32_C(64) << 16)
#define SOURCE_MASK ((UINT32_C(1) << (32 - REQUEST_SOURCE_PREFIX)) - 1)
/* Odd, so that each number has an address of its own; large, so that neighbours are not in one
 * prefix, of which a PCE may limit the connections. */
#define SPREAD 2654435761U
#define STRIDE 1640531527U

static bool is_loopback_v4(const struct ip *ip)
{
    return ip->family == IP_V4 && ip->octets[0] == 127;
}

static bool is_loopback_v6(const struct ip *ip)
{
    static const uint8_t octets[16] = {[15] = 1};
    const struct ip loopback = ip_from_v6(octets);
    return ip_is_equal(ip, &loopback);
}

static struct ip source_address_of(uint32_t number)
{
    uint32_t value = SOURCE_NET | (number & SOURCE_MASK);
    const uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                               (uint8_t)(value >> 8), (uint8_t)value};
    return ip_from_v4(octets);
}

void request_sources_init(struct request_sources *sources, const struct ip *from, uint32_t pid)
{
    *sources = (struct request_sources){
        .pid = pid, .pause_ms = REQUEST_PAUSE_MIN_MS, .is_named = from->family != IP_NONE};
}

/* Another address that the PCE has not admitted, as its access list says; or that this machine does
 * not have. */
static bool is_rejected(const struct request_sources *sources,
                        const struct request_attempt *attempt)
{
    return sources->tried > 0 && sources->rejected.family == IP_NONE && attempt->error_type == 0 &&
           !attempt->has_open && attempt->status != PCE_TIMEOUT;
}

/* The pauses of processes that began together differ. */
static uint32_t take_pause(struct request_sources *sources)
{
    uint32_t pause_ms = sources->pause_ms + sources->pid % sources->pause_ms;
    sources->pause_ms =
        sources->pause_ms * 2 > REQUEST_PAUSE_MAX_MS ? REQUEST_PAUSE_MAX_MS : sources->pause_ms * 2;
    return pause_ms;
}

bool request_sources_next(struct request_sources *sources, const struct client_options *server,
                          const struct request_attempt *attempt, struct ip *from,
                          uint32_t *pause_ms)
{
    *from = server->from;
    *pause_ms = 0;
    if (is_rejected(sources, attempt)) {
        sources->rejected = server->from;
        sources->rejected_how = attempt->status;
        *from = (struct ip){.family = IP_NONE};
        *pause_ms = take_pause(sources);
        return true;
    }
    bool is_second = attempt->error_type == pcep_error_type(PCEP_ERROR_SECOND_SESSION);
    /* An attempt that the deadline has cut off takes nothing back. */
    if (is_second || attempt->status != PCE_TIMEOUT)
        sources->is_second = is_second;
    if (!is_second)
        return false;
    bool may_move = !sources->is_named && is_loopback_v4(&server->to) &&
                    sources->rejected.family == IP_NONE && sources->tried < REQUEST_SOURCES_MAX;
    if (may_move)
        *from = source_address_of(sources->pid * SPREAD + sources->tried++ * STRIDE);
    else
        *pause_ms = take_pause(sources);
    return true;
}

void request_sources_explain(const struct request_sources *sources, const struct request_plan *plan,
                             char *text, size_t size)
{
    const struct client_options *server = &plan->server;
    char address[IP_TEXT_SIZE];
    char advice[160];
    if (sources->is_named)
        (void)snprintf(advice, sizeof advice, "name another --source");
    else if (sources->rejected.family != IP_NONE)
        (void)snprintf(advice, sizeof advice,
                       "name with --source an address that its access list admits: from %s it "
                       "took none (%s)",
                       ip_format(&sources->rejected, address),
                       pce_status_text(sources->rejected_how));
    else if (is_loopback_v6(&server->to))
        (void)snprintf(advice, sizeof advice,
                       "ask it at 127.0.0.1, where pcectl takes another address by itself");
    else
        (void)snprintf(advice, sizeof advice, "name another address of this host with --source");
    (void)snprintf(text, size,
                   "the PCE has a session with %s already and refused a second one for %g s (PCErr "
                   "%d): end the first one, wait longer (--timeout), or %s",
                   sources->is_named ? ip_format(&server->from, address) : "this host's address",
                   (double)plan->timeout_ms / 1000, pcep_error_type(PCEP_ERROR_SECOND_SESSION),
                   advice);
}
