/* Variants: the configurations and topologies that a script chooses from.
 *
 * Thread: one caller. Owns: what it has read, for the life of the program. */
#ifndef PCED_TESTS_SIM_VARIANTS_H
#define PCED_TESTS_SIM_VARIANTS_H

#include "core/ted/ted.h"
#include "server/config/config.h"

unsigned variant_config_count(void);
/* Read once; any number names one. */
const struct config *variant_config(unsigned variant);
/* A new snapshot, the caller's; NULL is the variant without a topology. */
struct ted_snapshot *variant_topology(unsigned variant);

#endif
