/* Forms of single values: what the read functions of their names (topology_scalar.h) fill.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_TED_TOPOLOGY_FORMS_SCALAR_H
#define PCED_CORE_TED_TOPOLOGY_FORMS_SCALAR_H

#include "core/ted/topology_forms.h"

topo_write_fn topo_write_u32;
topo_is_there_fn topo_has_u32;
topo_write_fn topo_write_u8;
topo_is_there_fn topo_has_u8;
topo_write_fn topo_write_bool;
topo_is_there_fn topo_has_bool;
topo_write_fn topo_write_name;
topo_is_there_fn topo_has_name;
topo_write_fn topo_write_ip;
topo_is_there_fn topo_has_ip;
topo_write_fn topo_write_bandwidth;
topo_is_there_fn topo_has_bandwidth;
topo_write_fn topo_write_degrees;
topo_write_fn topo_write_family;
topo_write_fn topo_write_behavior;
topo_is_there_fn topo_has_behavior;

#endif
