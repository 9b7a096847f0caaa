/* Refusal: memory that is refused at one allocation, for programs that are linked so that what they ask for
 * comes here (tests/CMakeLists.txt).
 *
 * Thread: one. Owns: nothing. */
#ifndef PCED_TESTS_LIB_REFUSAL_H
#define PCED_TESTS_LIB_REFUSAL_H

#include <stdbool.h>

struct refusal {
    unsigned at;    /* the allocation from now that is refused; 0: none */
    unsigned asked; /* allocations so far */
    bool was;       /* one was refused */
};

extern struct refusal refusal;

/* One more allocation: whether it is the one. */
bool refusal_is_due(void);

#endif
