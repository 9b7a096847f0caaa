/* Where each row of error.def is raised: by a message of grammar_errors.c, or elsewhere.
 *
 * Thread: the test's. Owns: nothing. */
#ifndef PCED_TESTS_UNIT_PCEP_ERROR_PLACES_H
#define PCED_TESTS_UNIT_PCEP_ERROR_PLACES_H

/* NULL: decoding or the grammar raises it. Else why they cannot. */
const char *error_place(unsigned type, unsigned value);

#endif
