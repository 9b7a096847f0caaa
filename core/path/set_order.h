/* Set order: members placed one after another, each around those before it. What it finds is no more
 * than a good answer, unless it costs as little as any could.
 *
 * Thread: the set's. Owns: nothing. Bound: SET_ORDERS_MAX orders. */
#ifndef PCED_CORE_PATH_SET_ORDER_H
#define PCED_CORE_PATH_SET_ORDER_H

#include "core/path/set_impl.h"

#define SET_ORDERS_MAX (2 * PATH_SET_MAX)

struct set_order {
    uint32_t members[PATH_SET_MAX];
    uint32_t count;
    /* What the first member keeps off beforehand: a path that the second may have. Two that are apart. */
    const uint32_t *ahead;
    uint32_t ahead_count;
};

/* Places members in this order into *set->tried, and takes that for *set->best where it is better: more
 * members, or a lower cost. PATH_FOUND: done, whatever was placed; PATH_WORK_EXCEEDED, PATH_NO_MEMORY. */
enum path_outcome set_order_place(struct path_set *set, const struct set_order *order);

/* Tries orders until one costs no more than set->bound. */
enum path_outcome set_order_try(struct path_set *set);

/* Says of each member that *set->best does not place what is in its way, beside those that it does. */
enum path_outcome set_order_explain(struct path_set *set);

/* Whether nothing can be better than *set->best. */
bool set_order_is_best(const struct path_set *set);

#endif
