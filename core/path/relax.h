/* Relax: a request without some of its constraints, for the questions of what stands in its way and
 * of what it pays for what (diagnosis.h, explain.h).
 *
 * Thread: any. Owns: nothing. Bound: RELAX_BITS_MAX constraints of one request. */
#ifndef PCED_CORE_PATH_RELAX_H
#define PCED_CORE_PATH_RELAX_H

#include "core/path/problem.h"

#define RELAX_BITS_MAX 32

/* What every request of its setup asks: that there is a way to write the path down. */
#define RELAX_FORM ((uint32_t)PATH_CONSTRAINT_SID_DEPTH | (uint32_t)PATH_CONSTRAINT_HOPS)

/* The constraints of a request, as bits of enum path_constraint. SID_DEPTH stands for the SID list as
 * a whole. */
uint32_t relax_asked(const struct ted_snapshot *snapshot, const struct path_request *request);
/* The same one by one, those of RELAX_FORM last; how many. */
uint32_t relax_list(uint32_t asked, uint32_t bits[RELAX_BITS_MAX]);

/* The request without these constraints, by the sum of its metric; undesired links do not count. */
struct path_request relax_without(const struct path_request *request, uint32_t bits);
/* With a SID list, however long. */
struct path_request relax_sid_depth(const struct path_request *request);

static inline bool relax_is_mandatory(uint8_t protection)
{
    return protection == TED_PROTECTED_ONLY || protection == TED_UNPROTECTED_ONLY;
}

#endif
