/* Interface ids: each means one link on its node (RFC 3477 2). */
#include "core/ted/builder_impl.h"

static uint64_t hash_interface(const struct ted_interface *interface)
{
    const uint32_t key[] = {interface->node, interface->id, interface->is_remote};
    return map_hash(key, sizeof key);
}

static bool has_interface(const void *context, uint32_t value, const void *key)
{
    const struct ted_array *interfaces = context;
    const struct ted_interface *a = &((const struct ted_interface *)interfaces->items)[value];
    const struct ted_interface *b = key;
    return a->node == b->node && a->id == b->id && a->is_remote == b->is_remote;
}

static bool is_taken(const struct ted_builder *builder, const struct ted_interface *interface)
{
    return slots_find(slots_view(&builder->interface_index), hash_interface(interface),
                      has_interface, &builder->interfaces, interface) != TED_NONE;
}

static struct ted_interface interface_of(const struct ted_link_spec *spec, bool is_remote)
{
    return (struct ted_interface){.node = is_remote ? spec->to : spec->from,
                                  .id = is_remote ? spec->remote_id : spec->local_id,
                                  .is_remote = is_remote};
}

enum pce_status ted_interfaces_reserve(struct ted_builder *builder,
                                       const struct ted_link_spec *spec, struct ted_fault *fault)
{
    if (spec->local_id == 0)
        return PCE_OK;
    for (unsigned end = 0; end < 2; end++) {
        struct ted_interface interface = interface_of(spec, end == 1);
        if (is_taken(builder, &interface))
            return ted_fault_set(fault, PCE_EXISTS,
                                 end == 0 ? "interface-ids[0]" : "interface-ids[1]",
                                 "%u belongs to another link of node %s already", interface.id,
                                 ted_builder_node_name(builder, interface.node));
    }
    enum pce_status status = ted_array_reserve(&builder->interfaces, 2);
    if (status == PCE_OK)
        status = slots_reserve(&builder->interface_index, 2);
    return status == PCE_OK ? PCE_OK
                            : ted_fault_set(fault, status, "", "%s", pce_status_text(status));
}

void ted_interfaces_take(struct ted_builder *builder, const struct ted_link_spec *spec)
{
    if (spec->local_id == 0)
        return;
    for (unsigned end = 0; end < 2; end++) {
        struct ted_interface interface = interface_of(spec, end == 1);
        slots_insert(&builder->interface_index, hash_interface(&interface),
                     ted_array_append(&builder->interfaces, &interface, 1));
    }
}
