/* Reservations at their limits: whatever the order of steps, no more is held at a priority than the
 * link has, who is refused leaves nothing behind, of two that want the same one gets it, and no more
 * LSPs give way than must: none for what is held and not flooded yet. What was read of a link holds as long as the number of changes stays. */
#include "tests/orders/atomics.h"

#define RESERVATION_ROWS 2
#include "core/ted/reservations.c"

#define LINKS 2

static const uint32_t identity[LINKS] = {0, 1};
static const struct ted_link links[LINKS] = {
    {.unreserved = {2, 2, 2, 2, 2, 2, 2, 2}},
    {.unreserved = {2, 2, 2, 2, 2, 2, 2, 2}},
};
static struct ted_link_numbers numbers = {.count = LINKS, .of_links = identity, .links = identity};
static const struct ted_snapshot snapshot = {
    .link_count = LINKS, .links = links, .link_numbers = &numbers};

struct lsp {
    const char *name;
    uint32_t first, count; /* its links */
    struct ted_claim claim;
};

static struct {
    struct ted_reservations *reservations;
    /* Surely held: counted after it was taken, and until before it is given back. */
    uint8_t sure[LINKS][TED_PRIORITIES];
    uint8_t taken, victims;
    /* What the keeper has read, in this order. */
    uint8_t seen_changes, seen_high, seen_low;
    bool is_kept;
    bool keeps; /* what was taken is kept to the end */
} shared;

static void count_sure(const struct lsp *lsp, bool adds)
{
    for (uint32_t l = lsp->first; l < lsp->first + lsp->count; l++) {
        for (unsigned p = lsp->claim.holding; p < TED_PRIORITIES; p++) {
            uint8_t octets = (uint8_t)lsp->claim.octets_per_s;
            shared.sure[l][p] = (uint8_t)(shared.sure[l][p] + (adds ? octets : -octets));
            model_expect(p > lsp->claim.setup || shared.sure[l][p] <= 2,
                         "more is held at a priority than the link has");
        }
    }
}

static void run_lsp(void *context)
{
    const struct lsp *lsp = context;
    if (ted_reservations_take(shared.reservations, &snapshot, identity + lsp->first, lsp->count,
                              &lsp->claim) != PCE_OK)
        return;
    shared.taken++;
    count_sure(lsp, true);
    if (shared.keeps)
        return;
    model_step("hold it");
    count_sure(lsp, false);
    ted_reservations_release(shared.reservations, identity + lsp->first, lsp->count, &lsp->claim);
}

static void run_victim(void *context)
{
    const struct lsp *lsp = context;
    if (ted_reservations_give_way(shared.reservations, &snapshot, lsp->first, &lsp->claim))
        shared.victims++;
}

static void begin(bool keeps)
{
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.keeps = keeps;
    shared.reservations = ted_reservations_create(LINKS);
    model_expect(ted_reservations_make_room(shared.reservations, LINKS) == PCE_OK, "no room");
}

static void start(const struct lsp *lsp)
{
    model_thread(lsp->name, run_lsp, (void *)(uintptr_t)lsp, false);
}

static const struct lsp both_a = {"a", 0, 2, {2, 7, 7}}, both_b = {"b", 0, 2, {2, 7, 7}};
static const struct lsp one_c = {"c", 1, 1, {1, 7, 7}}, one_d = {"d", 1, 1, {2, 7, 7}};
static const struct lsp high = {"high", 0, 1, {2, 0, 0}};
static const struct lsp climber = {"climber", 0, 1, {2, 7, 0}};
static const struct lsp low_a = {"low a", 0, 1, {1, 7, 7}}, low_b = {"low b", 0, 1, {1, 6, 6}};

static void two_for_one_path(void)
{
    begin(true);
    start(&both_a);
    start(&both_b);
}

static void one_has_it(void)
{
    model_expect(shared.taken == 1, "not one of two has the path");
    for (unsigned l = 0; l < LINKS; l++)
        model_expect(ted_reservations_held(shared.reservations, l, 7) == 2,
                     "what is held is not what the one holds");
}

static void path_against_links(void)
{
    begin(false);
    start(&both_a);
    start(&one_c);
    start(&one_d);
}

static void nothing_is_held(void)
{
    for (unsigned l = 0; l < LINKS; l++)
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            model_expect(ted_reservations_held(shared.reservations, l, p) == 0,
                         "something is held by nobody");
    model_expect(shared.taken > 0, "all were refused");
}

/* One asks low and keeps high: at the high priority it meets the other one. */
static void ways_to_the_top(void)
{
    begin(true);
    start(&climber);
    start(&high);
}

static void top_is_not_over(void)
{
    model_expect(ted_reservations_held(shared.reservations, 0, 0) <= 2, "the top is over");
    model_expect(shared.taken == 1, "not one of two has the link");
}

/* Two LSPs hold the link and one of a higher priority has come: one of two has to go. */
static void victims_of_one(void)
{
    static const struct ted_claim one = {1, 0, 0};
    begin(true);
    ted_reservations_force(shared.reservations, identity, 1, &low_a.claim);
    ted_reservations_force(shared.reservations, identity, 1, &low_b.claim);
    model_expect(ted_reservations_take(shared.reservations, &snapshot, identity, 1, &one) == PCE_OK,
                 "a higher priority is refused");
    model_thread(low_a.name, run_victim, (void *)(uintptr_t)&low_a, false);
    model_thread(low_b.name, run_victim, (void *)(uintptr_t)&low_b, false);
}

static void one_has_gone(void)
{
    model_expect(shared.victims == 1, "not one of two has given way");
    model_expect(ted_reservations_held(shared.reservations, 0, 7) == 2,
                 "what is held is not what two hold");
}

/* Somebody keeps what it sees of a link, by the number of changes that it has read before. */
static void run_keeper(void *context)
{
    (void)context;
    shared.seen_changes = (uint8_t)ted_reservations_changes(shared.reservations);
    shared.seen_high = (uint8_t)ted_reservations_held(shared.reservations, 0, 0);
    shared.seen_low = (uint8_t)ted_reservations_held(shared.reservations, 0, 7);
    shared.is_kept = true;
}

/* The climber holds something of the higher priorities until it is refused at a low one. */
static void a_keeper_of_what_is_seen(void)
{
    begin(true);
    ted_reservations_force(shared.reservations, identity, 1, &low_b.claim);
    start(&climber);
    model_thread("keeper", run_keeper, NULL, false);
    start(&low_a);
}

static void what_is_kept_holds(void)
{
    bool holds = shared.seen_changes != ted_reservations_changes(shared.reservations) ||
                 (shared.seen_high == ted_reservations_held(shared.reservations, 0, 0) &&
                  shared.seen_low == ted_reservations_held(shared.reservations, 0, 7));
    model_expect(shared.is_kept && holds, "what was kept is not what is held");
}

/* One is ordered, and let go when the network shows it; another one looks for links that hold too
 * much, and for victims. */
static void run_flood(void *context)
{
    const struct lsp *lsp = context;
    ted_reservations_flood(shared.reservations, lsp->first, lsp->claim.octets_per_s, true);
    model_expect(ted_reservations_take(shared.reservations, &snapshot, identity + lsp->first,
                                       lsp->count, &lsp->claim) == PCE_OK,
                 "a higher priority is refused");
    ted_reservations_release(shared.reservations, identity + lsp->first, lsp->count, &lsp->claim);
    ted_reservations_flood(shared.reservations, lsp->first, lsp->claim.octets_per_s, false);
}

static void run_looker(void *context)
{
    unsigned priority;
    (void)context;
    if (ted_reservations_is_over(shared.reservations, &snapshot, 0, &priority))
        shared.victims++;
}

static void a_flood_and_a_look(void)
{
    begin(true);
    ted_reservations_force(shared.reservations, identity, 1, &low_a.claim);
    model_thread("flood", run_flood, (void *)(uintptr_t)&high, false);
    model_thread("looker", run_looker, NULL, false);
}

static void nobody_is_over(void)
{
    model_expect(shared.victims == 0, "what is not flooded yet pushes somebody off");
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"2 for the same 2 links", two_for_one_path, one_has_it, true},
        {"1 for 2 links, 2 for one of them", path_against_links, nothing_is_held, true},
        {"1 asks low and keeps high, 1 high", ways_to_the_top, top_is_not_over, true},
        {"2 victims for 1", victims_of_one, one_has_gone, true},
        {"1 is refused, 1 comes, 1 keeps what it sees", a_keeper_of_what_is_seen,
         what_is_kept_holds, true},
        {"1 is ordered and flooded, 1 looks for victims", a_flood_and_a_look, nobody_is_over, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
