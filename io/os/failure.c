#include "io/os/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum pce_status failure_status(int error)
{
    switch (error) {
    case 0:
        return PCE_OK;
    case EAGAIN:
        return PCE_AGAIN;
    case EPERM:
    case EACCES:
        return PCE_DENIED;
    case ENOENT:
    case EADDRNOTAVAIL:
        return PCE_NOT_FOUND;
    case EADDRINUSE:
    case EEXIST:
        return PCE_EXISTS;
    case EMFILE:
    case ENFILE:
        return PCE_LIMIT;
    case ENOMEM:
    case ENOBUFS:
        return PCE_NO_MEMORY;
    case ENOSYS:
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT:
        return PCE_UNSUPPORTED;
    case EINVAL:
    case EISDIR:
    case ENAMETOOLONG:
        return PCE_INVALID;
    case ETIMEDOUT:
        return PCE_TIMEOUT;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
        return PCE_RESET;
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENONET:
        return PCE_UNREACHABLE;
    case ECONNREFUSED:
        return PCE_CLOSED;
    case ECANCELED:
        return PCE_CANCELLED;
    default:
        return PCE_IO;
    }
}

enum pce_status failure_set(struct failure *failure, enum pce_status status, const char *format,
                            ...)
{
    if (failure != NULL) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(failure->text, sizeof failure->text, format, arguments);
        va_end(arguments);
    }
    return status;
}

enum pce_status failure_set_errno(struct failure *failure, int error, const char *format, ...)
{
    if (failure != NULL) {
        va_list arguments;
        va_start(arguments, format);
        int size = vsnprintf(failure->text, sizeof failure->text, format, arguments);
        va_end(arguments);
        char text[96];
        size_t at = size < 0 ? 0 : (size_t)size;
        if (at < sizeof failure->text)
            (void)snprintf(failure->text + at, sizeof failure->text - at, ": %s",
                           strerror_r(error, text, sizeof text));
    }
    return failure_status(error);
}
