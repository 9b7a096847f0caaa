/* Topology file: a network as YAML, read from memory (docs/TOPOLOGY.md describes every key).
 *
 * Thread: any. Owns: nothing afterwards.
 * Bound: the limits of ted.h; nesting and scalar sizes as the reader names them. */
#ifndef PCED_CORE_TED_TOPOLOGY_FILE_H
#define PCED_CORE_TED_TOPOLOGY_FILE_H

#include "core/ted/builder.h"

#include <stddef.h>

#define TOPOLOGY_FILE_SIZE_MAX ((size_t)1 << 30) /* octets of a file */

/* Reads the text (UTF-8) whole and makes a snapshot; on any mistake there is none, and the fault
 * names line, element and reason of the first one. */
PCE_MUST_CHECK enum pce_status topology_file_read(const char *text, size_t size,
                                                  struct ted_snapshot **snapshot,
                                                  struct ted_fault *fault);

#endif
