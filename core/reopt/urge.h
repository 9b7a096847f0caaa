/* Urge: LSPs that are computed anew at once, and in which order: the highest setup priority first,
 * within it the largest bandwidth, since small ones find room where large ones do not.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing; the queue is reopt's. Bound: that of the queue. */
#ifndef PCED_CORE_REOPT_URGE_H
#define PCED_CORE_REOPT_URGE_H

#include "core/reopt/reopt.h"

/* In its place among the others. */
void reopt_urge(struct reopt *reopt, const struct lsp *lsp);
/* Behind the others of its priority: what was found for it others had taken. */
void reopt_urge_again(struct reopt *reopt, const struct lsp *lsp);
/* The lowest is first. */
uint64_t reopt_rank_of(const struct lsp *lsp);

#endif
