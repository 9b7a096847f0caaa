/* Fault: what the peer did wrong, in the terms of the standard.
 *
 * The first fault of a message wins. It becomes one PCErr (or a Close), a log line and a counter;
 * it is never an enum pce_status, which speaks of our side.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PCEP_FAULT_H
#define PCED_CORE_PCEP_FAULT_H

#include "core/pcep/error.h"

#include <stdbool.h>
#include <stdint.h>

/* How far a fault reaches (RFC 5440 6.7, 7.2 and 6.9). */
enum pcep_fault_scope {
    PCEP_FAULT_NONE = 0,
    PCEP_FAULT_REQUEST, /* only what the RP or SRP of `id` names is refused */
    PCEP_FAULT_MESSAGE, /* the message is refused, the session goes on */
    PCEP_FAULT_SESSION, /* malformed: the session ends, Close reason 3 (PCErr 1/1 before UP) */
};

struct pcep_fault {
    uint8_t scope;      /* enum pcep_fault_scope; PCEP_FAULT_NONE: no fault */
    uint8_t error_type; /* of the PCEP-ERROR object; 0: a fault of framing that has none */
    uint8_t error_value;
    uint8_t id_kind;    /* enum pcep_id_kind: what `id` is */
    uint32_t id;        /* Request-ID-number or SRP-ID-number that it is about */
    uint32_t offset;    /* octets from the start of the message to what is wrong */
    const char *reason; /* static text, for logs and for people */
};

enum pcep_id_kind { PCEP_ID_NONE = 0, PCEP_ID_REQUEST, PCEP_ID_SRP };

static inline bool pcep_fault_is_set(const struct pcep_fault *fault)
{
    return fault->scope != PCEP_FAULT_NONE;
}

/* PCEP_ERROR_NONE: a fault of framing that has none. */
static inline enum pcep_error_code pcep_fault_error(const struct pcep_fault *fault)
{
    return pcep_error_code(fault->error_type, fault->error_value);
}

/* Records a fault unless one stands already. */
void pcep_fault_set(struct pcep_fault *fault, enum pcep_fault_scope scope,
                    enum pcep_error_code error, uint32_t offset, const char *reason);

#endif
