#include "core/base/status.h"

const char *pce_status_text(enum pce_status status)
{
    /* No default: the compiler names a status that has no text. */
    switch (status) {
    case PCE_OK:
        return "ok";
    case PCE_AGAIN:
        return "nothing yet";
    case PCE_CLOSED:
        return "closed by the other side";
    case PCE_LIMIT:
        return "limit reached";
    case PCE_NO_MEMORY:
        return "out of memory";
    case PCE_NOT_FOUND:
        return "not found";
    case PCE_EXISTS:
        return "exists already";
    case PCE_INVALID:
        return "not valid";
    case PCE_UNSUPPORTED:
        return "not supported by this system";
    case PCE_DENIED:
        return "not permitted";
    case PCE_TIMEOUT:
        return "timed out";
    case PCE_RESET:
        return "connection reset by the peer";
    case PCE_UNREACHABLE:
        return "the peer cannot be reached";
    case PCE_CANCELLED:
        return "cancelled";
    case PCE_IO:
        return "input/output error";
    }
    return "unknown status";
}
