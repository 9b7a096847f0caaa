/* Record kinds: which records the store holds. A kind is one row:
 *
 *   KIND(SUFFIX, "name", "prefix", count_max, size_max)
 *
 * name: in the log and in refusals; prefix: how its keys begin, no prefix begins another one;
 * count_max: records of the kind; size_max: octets of one.
 *
 * Thread: any; constant. Owns: nothing. */
#ifndef PCED_SERVER_STORE_RECORD_KINDS_H
#define PCED_SERVER_STORE_RECORD_KINDS_H

#define RECORD_KINDS(KIND)                                                                         \
    KIND(INTENT, "intent", "intent/", 1000000, 65536)                                              \
    KIND(DELETION, "deletion", "deletion/", 10000, 16)                                             \
    KIND(SOURCE, "source", "source/", 64, 1048576)                                                 \
    KIND(VERSION, "version", "version/", 1000, 1048576)

#define RECORD_KIND_SUFFIX(suffix, name, prefix, count_max, size_max) RECORD_KIND_##suffix,
enum record_kind { RECORD_KINDS(RECORD_KIND_SUFFIX) RECORD_KIND_COUNT };
#undef RECORD_KIND_SUFFIX

#endif
