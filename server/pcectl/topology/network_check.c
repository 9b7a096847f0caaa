#include "server/pcectl/topology/network_check.h"

#include "server/pcectl/topology/network_checks.h"

enum pce_status network_check(const struct ted_snapshot *snapshot, struct findings *findings)
{
    typedef enum pce_status check_fn(const struct ted_snapshot *snapshot,
                                     struct findings *findings);
    static check_fn *const checks[] = {network_check_parts, network_check_links,
                                       network_check_srlgs, network_check_labels};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        enum pce_status status = checks[i](snapshot, findings);
        if (status != PCE_OK)
            return status;
    }
    return findings->has_no_memory ? PCE_NO_MEMORY : PCE_OK;
}
