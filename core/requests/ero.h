/* ERO: a path that was computed, as the object that tells it (RFC 5440 7.9, RFC 8664 4.3, RFC 9603 4.3).
 *
 * Thread: any. Owns: nothing. Bound: PATH_SIDS_MAX segments, PATH_HOPS_MAX hops. */
#ifndef PCED_CORE_REQUESTS_ERO_H
#define PCED_CORE_REQUESTS_ERO_H

#include "core/path/path.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

/* hops: those of result->links (hops.h), where the path is one of strict hops; else they are not
 * looked at, nor are the links. */
void ero_write(enum path_setup setup, const struct path_result *result, const struct ted_hop *hops,
               struct wire_writer *writer);
/* The octets of that. */
size_t ero_size(enum path_setup setup, const struct path_result *result,
                const struct ted_hop *hops);

/* A SID of SRv6 without NAI, with its structure where that is known. */
struct pcep_sub_srv6 ero_srv6_of(const struct ted_srv6_sid *sid);

#endif
