/* What is told of a link whose node begins or ends to carry transit. */
#include "core/ted/link_change.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct ted_snapshot *pair_where_a_is(const char *overload)
{
    char text[256];
    int size = snprintf(text, sizeof text,
                        "nodes: [{name: A, router-id: 10.0.0.1, overload: %s}, "
                        "{name: B, router-id: 10.0.0.2}]\nlinks: [{from: A, to: B}]\n",
                        overload);
    return read_text(text, (size_t)size);
}

Test(link_change, links_that_leave_an_overloaded_node_are_worse_and_better_afterwards)
{
    struct ted_snapshot *plain = pair_where_a_is("false"), *overloaded = pair_where_a_is("true");
    cr_expect_eq(ted_link_change(plain, 0, overloaded, 0), TED_LINK_WORSE);
    cr_expect_eq(ted_link_change(overloaded, 0, plain, 0), TED_LINK_BETTER);
    cr_expect_eq(ted_link_change(plain, 1, overloaded, 1), 0);
    ted_snapshot_destroy(plain);
    ted_snapshot_destroy(overloaded);
}
