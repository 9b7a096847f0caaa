/* SNDlib: what its two forms have in common.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_IMPORT_SNDLIB_H
#define PCED_CORE_IMPORT_SNDLIB_H

#include "core/import/graph.h"

#define SNDLIB_BITS 1e6 /* a unit of capacity or demand: Mbit/s */

/* What is installed; else the largest module that may be (bits per second, 0: none). */
void sndlib_set_capacity(struct graph_edge *edge, double module);

#endif
