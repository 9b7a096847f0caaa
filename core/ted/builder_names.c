/* The names of nodes, for those who look and those who complain. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"

const char *ted_builder_node_name(const struct ted_builder *builder, uint32_t node)
{
    CHECK(node < builder->nodes.count);
    const uint32_t *offsets = builder->name_offsets.items;
    return (const char *)builder->names.items + offsets[node];
}
