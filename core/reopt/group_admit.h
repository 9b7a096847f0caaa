/* Group admit: whether an LSP can be in a group with those that are there (RFC 8697 6.4).
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_GROUP_ADMIT_H
#define PCED_CORE_REOPT_GROUP_ADMIT_H

#include "core/reopt/groups.h"

/* The error that the RFC has for it, and *why, static text; PCEP_ERROR_NONE: it can be. The member
 * itself may be there already. */
enum pcep_error_code group_admit(const struct group *group, const struct group_tell *tell,
                                 const char **why);

#endif
