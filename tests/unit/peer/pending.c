/* The sum of pending octets and the worst of the peers, against a naive scan. */
#include "server/peer/pending.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>

#define PEERS 50 /* at most PENDING_LOOKS, so that the worst is exact */

Test(pending, agrees_with_a_naive_scan)
{
    struct random random = test_random_init("pending", 20261121);
    struct pending pending;
    struct pending_entry entries[PEERS];
    pending_init(&pending);
    for (int i = 0; i < PEERS; i++)
        pending_entry_init(&entries[i]);
    cr_assert_null(pending_worst(&pending));
    for (int step = 0; step < 20000; step++) {
        struct pending_entry *changed = &entries[test_random_below(&random, PEERS)];
        pending_set(&pending, changed, test_random_magnitude(&random, 24));
        uint64_t sum = 0;
        uint32_t most = 0;
        for (int i = 0; i < PEERS; i++) {
            sum += entries[i].octets;
            most = entries[i].octets > most ? entries[i].octets : most;
        }
        const struct pending_entry *worst = pending_worst(&pending);
        cr_assert_eq(pending.octets, sum);
        if (most < PENDING_LISTED_MIN)
            cr_assert_null(worst);
        else
            cr_assert_eq(worst->octets, most);
        uint64_t floor = pending_worst_floor(&pending);
        cr_assert(most < PENDING_LISTED_MIN ? floor == 0 : floor <= most && 2 * floor > most);
    }
    for (int i = 0; i < PEERS; i++)
        pending_set(&pending, &entries[i], 0);
    cr_assert_eq(pending.octets, 0);
    cr_assert_eq(pending.occupied, 0);
}

Test(pending, many_alike_cost_a_bounded_look)
{
    static struct pending_entry entries[5000];
    struct pending pending;
    pending_init(&pending);
    for (unsigned i = 0; i < 5000; i++) {
        pending_entry_init(&entries[i]);
        pending_set(&pending, &entries[i], 4096 + i % 4096);
    }
    const struct pending_entry *worst = pending_worst(&pending);
    cr_assert(worst->octets >= 4096 && worst->octets < 8192); /* right to a factor of two */
    pending_set(&pending, &entries[4999], UINT64_C(1) << 40);
    cr_assert(pending_worst(&pending) == &entries[4999]);
    cr_assert_eq(entries[4999].octets, UINT32_MAX);
}
