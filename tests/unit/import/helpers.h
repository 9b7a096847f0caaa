/* What the tests of imports share.
 *
 * Thread: the test's. Owns: nothing. */
#ifndef PCED_TESTS_UNIT_IMPORT_HELPERS_H
#define PCED_TESTS_UNIT_IMPORT_HELPERS_H

#include "core/import/import.h"

/* The import of a text that must be right; import_fini is the caller's. What comes out of it must be
 * what a reader of topology files makes of its text, too. */
struct import import_good(const char *text, const struct import_options *options);

/* The text must be refused, in this line, with these words. */
void expect_refused(const char *text, uint32_t line, const char *words);

/* The directed link between two nodes; the test fails when there is none. */
const struct ted_link *link_between(const struct import *import, const char *from, const char *to);

#endif
