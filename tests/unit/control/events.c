/* The events' one order: holes, what gives way, what is held. */
#include "server/control/events.h"

#include <criterion/criterion.h>
#include <string.h>

#define TIMEOUT .timeout = 60

static void add(struct events *events, uint64_t number)
{
    const struct event_about about = {.kind = EVENT_LSP, .change = "created", .name = "a"};
    events_add(events, &about, json_pack("{s:I}", "n", (json_int_t)number));
}

/* The event has this number; what was missed before it is returned. */
static uint64_t take(const struct events *events, uint64_t *cursor, uint64_t number)
{
    char want[64];
    uint64_t missed;
    struct event *event = events_take(events, cursor, &missed);
    cr_assert_not_null(event);
    (void)snprintf(want, sizeof want, "id: 7-%llu\nevent: lsp\ndata: {\"n\":%llu}\n\n",
                   (unsigned long long)number, (unsigned long long)number);
    cr_expect_eq(event->size, strlen(want));
    cr_expect_eq(memcmp(event->octets, want, event->size), 0);
    event_release(event);
    return missed;
}

Test(events, are_taken_in_order_and_once, TIMEOUT)
{
    struct events events;
    uint64_t cursor = 1;
    uint64_t missed;
    events_init(&events, 7);
    cr_expect_null(events_take(&events, &cursor, &missed));
    add(&events, 1);
    add(&events, 2);
    cr_expect_eq(take(&events, &cursor, 1), 0);
    cr_expect_eq(take(&events, &cursor, 2), 0);
    cr_expect_null(events_take(&events, &cursor, &missed));
    cr_expect_eq(missed, 0);
    events_fini(&events);
}

Test(events, that_are_lost_are_counted_before_the_next_one, TIMEOUT)
{
    struct events events;
    uint64_t cursor = 1;
    uint64_t missed;
    events_init(&events, 7);
    events_add_holes(&events, 3);
    add(&events, 4);
    events_add(&events, &(struct event_about){.change = "", .name = ""}, NULL);
    cr_expect_eq(take(&events, &cursor, 4), 3);
    cr_expect_null(events_take(&events, &cursor, &missed));
    cr_expect_eq(missed, 1);
    events_fini(&events);
}

Test(events, the_oldest_gives_way_and_one_that_is_held_stays, TIMEOUT)
{
    struct events events;
    uint64_t cursor = 1;
    uint64_t missed;
    events_init(&events, 7);
    for (uint64_t i = 1; i <= EVENTS_MAX; i++)
        add(&events, i);
    struct event *held = events_take(&events, &cursor, &missed);
    cursor = 1;
    cr_expect_eq(take(&events, &cursor, 1), 0, "all fit");
    add(&events, EVENTS_MAX + 1);
    cursor = 1;
    cr_expect_eq(take(&events, &cursor, 2), 1, "one more does not");
    events_add_holes(&events, UINT64_MAX / 2);
    cr_expect_null(events_take(&events, &cursor, &missed));
    cr_expect_eq(missed, EVENTS_MAX - 1 + UINT64_MAX / 2);
    cr_expect_eq(strncmp(held->octets, "id: 7-1\n", 8), 0);
    event_release(held);
    events_fini(&events);
}
