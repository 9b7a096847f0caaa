/* Which connections are looked at, and as what: by their ports. */
#include "server/pcectl/capture/flow.h"

bool flow_has_port(const struct flow_ports *ports, uint16_t port)
{
    for (uint32_t i = 0; i < ports->count; i++) {
        if (ports->ports[i] == port)
            return true;
    }
    return false;
}

bool flow_is_bgp(const struct flow_options *options, uint16_t one, uint16_t other)
{
    bool is_pcep = flow_has_port(&options->pcep, one) || flow_has_port(&options->pcep, other);
    return !is_pcep && (flow_has_port(&options->bgp, one) || flow_has_port(&options->bgp, other));
}

bool flow_is_wanted(const struct flow_options *options, uint16_t one, uint16_t other)
{
    return options->is_any_port || flow_has_port(&options->pcep, one) ||
           flow_has_port(&options->pcep, other) || flow_is_bgp(options, one, other);
}
