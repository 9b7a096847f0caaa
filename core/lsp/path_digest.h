/* Path digest: a number for the way that an ERO goes, whatever form its hops have.
 *
 * Equal for what was asked and what a PCC reports of it: routers leave out NAIs, change flags of
 * segments, and clear what stands beside a label. Two ways that differ have the same number once in
 * 2^64 times.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_LSP_PATH_DIGEST_H
#define PCED_CORE_LSP_PATH_DIGEST_H

#include "core/pcep/codec.h"

#define LSP_PATH_EMPTY UINT64_C(0) /* no hop; no way with hops has this number */

uint64_t lsp_path_digest(const struct pcep_subobject *subobjects, uint32_t count);

#endif
