/* What the TED's tests have in common: small specifications, and files.
 *
 * Thread: the test's. Owns: what read_file gives is the caller's to free. */
#ifndef PCED_TESTS_UNIT_TED_HELPERS_H
#define PCED_TESTS_UNIT_TED_HELPERS_H

#include "core/ted/builder.h"

#include <stddef.h>

/* The address of this text; the test fails when it is none. */
struct ip address(const char *text);

/* Adds a node that has nothing but a name and 10.0.<n>, and wants it to be accepted. */
uint32_t add_plain_node(struct ted_builder *builder, const char *name, uint32_t n);

/* Adds a link without addresses, of metric 10, and wants it to be accepted. */
uint32_t add_plain_link(struct ted_builder *builder, uint32_t from, uint32_t to);

/* A snapshot of what is in the builder, which is destroyed. */
struct ted_snapshot *finish(struct ted_builder *builder);

/* A snapshot of the text, which must be right. */
struct ted_snapshot *read_text(const char *text, size_t size);

/* The whole of a file under the repository, NUL-terminated; the test fails when it is not there. */
char *read_file(const char *path, size_t *size);

/* Whether every node is reached from node 0 along edges, and along reverse edges. */
bool is_strongly_connected(const struct ted_snapshot *snapshot);

#endif
