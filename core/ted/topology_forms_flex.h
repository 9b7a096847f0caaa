/* Forms of what a file says of flexible algorithms, of affinities past bit 31, and of measures.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_TED_TOPOLOGY_FORMS_FLEX_H
#define PCED_CORE_TED_TOPOLOGY_FORMS_FLEX_H

#include "core/ted/topology_forms.h"

topo_write_fn topo_write_groups, topo_write_srlgs; /* struct topo_groups, struct topo_srlgs */
topo_is_there_fn topo_has_groups, topo_has_srlgs;
topo_is_there_fn topo_has_long_groups; /* more than 32 bits */

topo_write_fn topo_write_algorithms; /* struct topo_node */
topo_is_there_fn topo_has_algorithms, topo_has_flexes;
topo_write_fn topo_write_flex_metric; /* of a definition */
topo_is_there_fn topo_has_flex_priority;

topo_is_there_fn topo_has_flex_link; /* struct topo_flex_link */
topo_is_there_fn topo_has_told;      /* uint32_t: not TED_NONE */

topo_write_fn topo_write_loss;                            /* uint32_t */
topo_write_fn topo_write_delay_range;                     /* struct topo_direction */
topo_is_there_fn topo_has_delay_range;                    /* the same */
topo_is_there_fn topo_has_delay_variation, topo_has_loss; /* their fields of a direction */

#endif
