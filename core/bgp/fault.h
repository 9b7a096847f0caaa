/* Fault: what the peer did wrong, in the terms of the standard.
 *
 * The strongest fault of a message wins, of equal ones the first (RFC 7606 3 h). One that asks for
 * a session reset becomes a NOTIFICATION; each becomes a log line and a counter.
 *
 * Thread: any. Owns: nothing; data points into the message. */
#ifndef PCED_CORE_BGP_FAULT_H
#define PCED_CORE_BGP_FAULT_H

#include "core/base/wire.h"
#include "core/bgp/registry.h"

struct bgp_fault {
    enum bgp_action action;    /* BGP_ACTION_NONE: no fault */
    enum bgp_error_code error; /* code and subcode of the NOTIFICATION */
    uint32_t offset;           /* octets from the start of the message to what is wrong */
    struct wire_span data;     /* of the NOTIFICATION */
    const char *reason;        /* static text, for logs and for people */
};

static inline bool bgp_fault_is_set(const struct bgp_fault *fault)
{
    return fault->action != BGP_ACTION_NONE;
}

static inline uint8_t bgp_fault_code(const struct bgp_fault *fault)
{
    return (uint8_t)((unsigned)fault->error >> 8);
}

static inline uint8_t bgp_fault_subcode(const struct bgp_fault *fault)
{
    return (uint8_t)((unsigned)fault->error & 0xFF);
}

/* Records a fault unless one of its strength stands already. */
static inline void bgp_fault_set(struct bgp_fault *fault, struct bgp_fault found)
{
    if (found.action > fault->action)
        *fault = found;
}

#endif
