/* One network, one engine, one result: what the named tests share. Each test runs in a process of
 * its own. */
#ifndef PCED_TESTS_UNIT_PATH_FIXTURE_H
#define PCED_TESTS_UNIT_PATH_FIXTURE_H

#include "tests/unit/path/net.h"

extern struct net net;
extern struct path_engine *engine;
extern struct ted_snapshot *snapshot;
extern struct path_result result;

void fixture_init(void);
void fixture_fini(void);
/* `net` is 0 to 3 over 1 and over 2, equal cost. Links: 0->1 0, 1->3 2, 0->2 4, 2->3 6. */
void fixture_diamond(void);
#define BASE(node) (NET_FIRST_BASE + (node)*1000u)

/* Answers the request on a new snapshot of `net` and checks the outcome. A list that is found is
 * given to the forwarding simulator, which must confirm where it leads and that all its links are
 * usable. */
void expect_outcome(const struct path_request *request, enum path_outcome outcome);
/* The same, found, over these nodes after the source. The list ends with UINT32_MAX. */
void expect_nodes(const struct path_request *request, const uint32_t *nodes);
void expect_unsatisfied(const struct path_request *request, uint32_t bits);
void expect_labels(const uint32_t *labels, uint32_t count);

#define END UINT32_MAX

#endif
