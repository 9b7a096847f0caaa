/* Network as text: all of a snapshot that does not depend on the order in which it was built, as
 * sorted lines, so that two networks can be compared and their difference be read.
 *
 * Thread: any. Owns: the caller frees the text. */
#ifndef PCED_TESTS_LIB_NETWORK_TEXT_H
#define PCED_TESTS_LIB_NETWORK_TEXT_H

#include "core/ted/ted.h"

/* NULL: memory ran out. */
char *network_text(const struct ted_snapshot *snapshot);

#endif
