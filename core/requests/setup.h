/* Setup: PATH-SETUP-TYPEs that paths are computed for (RFC 8408 4).
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_SETUP_H
#define PCED_CORE_REQUESTS_SETUP_H

#include "core/path/path.h"
#include "core/pcep/model.h"

/* false: no paths are computed for it. */
static inline bool setup_of_pst(uint8_t pst, enum path_setup *setup)
{
    switch (pst) {
    case PCEP_PST_RSVP_TE:
        *setup = PATH_SETUP_RSVP_TE;
        return true;
    case PCEP_PST_SR:
        *setup = PATH_SETUP_SR_MPLS;
        return true;
    case PCEP_PST_SRV6:
        *setup = PATH_SETUP_SRV6;
        return true;
    default:
        return false;
    }
}

#endif
