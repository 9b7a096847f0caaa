/* Status: how an operation that may fail for an operating reason ended.
 *
 * Three kinds of failure are never mixed: a bug of ours is a CHECK (check.h), an operating outcome
 * is an enum pce_status, and a peer's mistake is a struct pcep_fault (core/pcep/fault.h). errno
 * does not leave io/.
 *
 * Thread: any. Owns: nothing. Bound: none. */
#ifndef PCED_CORE_BASE_STATUS_H
#define PCED_CORE_BASE_STATUS_H

/* A status that is not looked at is a defect: functions that return one carry this mark. */
#define PCE_MUST_CHECK __attribute__((warn_unused_result))

enum pce_status {
    PCE_OK = 0,
    PCE_AGAIN,       /* nothing now; ask later */
    PCE_CLOSED,      /* the other side ended it */
    PCE_LIMIT,       /* a named limit was hit; nothing was changed */
    PCE_NO_MEMORY,   /* the allocator refused */
    PCE_NOT_FOUND,   /* no such thing */
    PCE_EXISTS,      /* there is one already */
    PCE_INVALID,     /* the argument or the input is not acceptable */
    PCE_UNSUPPORTED, /* this machine or kernel cannot do it */
    PCE_DENIED,      /* not permitted */
    PCE_TIMEOUT,     /* the deadline passed */
    PCE_RESET,       /* the other side threw the connection away */
    PCE_UNREACHABLE, /* the network has no way to the other side */
    PCE_CANCELLED,   /* somebody took it back */
    PCE_IO,          /* the system refused for another reason */
};

/* A short lower-case English text for logs, never NULL. */
const char *pce_status_text(enum pce_status status);

#endif
