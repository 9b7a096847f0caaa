/* Failure: why an operation of io/ was refused, as a sentence for the operator.
 *
 * errno does not leave io/. A caller decides by the enum pce_status and shows this text, which says
 * what was tried, what the system said and, where we know it, what to do about it.
 *
 * Thread: any. Owns: its text. Bound: FAILURE_TEXT_SIZE octets; a longer text is cut. */
#ifndef PCED_IO_OS_FAILURE_H
#define PCED_IO_OS_FAILURE_H

#include "core/base/status.h"

#define FAILURE_TEXT_SIZE 384

struct failure {
    char text[FAILURE_TEXT_SIZE]; /* ends with a NUL; "" when nothing failed */
};

/* Sets the text from a format; failure may be NULL. Gives back the status, so that a caller can say
 * `return failure_set(failure, PCE_IO, ...)`. */
PCE_MUST_CHECK enum pce_status failure_set(struct failure *failure, enum pce_status status,
                                           const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of error (an errno value) behind it; the status follows from it.
 */
PCE_MUST_CHECK enum pce_status failure_set_errno(struct failure *failure, int error,
                                                 const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The status that stands for an errno value (positive). */
enum pce_status failure_status(int error);

#endif
