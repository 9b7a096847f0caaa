/* When a shard lets completions gather: only for very many wakings that nobody waits for. */
#include "server/shard/coalesce.h"

#include <criterion/criterion.h>

struct run {
    struct coalesce coalesce;
    struct mono now;
    uint64_t completions;
};

static struct run begin(void)
{
    return (struct run){.now = {UINT64_C(3600) * MONO_NS_PER_S}};
}

/* So many turns, a millisecond apart, each with so many completions; the last answer. */
static bool turn(struct run *run, unsigned count, unsigned apart_ms, unsigned results)
{
    bool may_wait = false;
    for (unsigned i = 0; i < count; i++) {
        run->now = mono_add_ms(run->now, apart_ms);
        run->completions += results;
        may_wait = coalesce_on_turn(&run->coalesce, run->completions, run->now);
    }
    return may_wait;
}

Test(coalesce, begins_with_many_wakings)
{
    struct run run = begin();
    cr_expect_not(turn(&run, 1, 1, 1), "nothing is known yet");
    cr_expect(turn(&run, 300, 2, 1), "500 wakings a second");
}

Test(coalesce, does_not_begin_with_few_wakings)
{
    struct run run = begin();
    cr_expect_not(turn(&run, 300, 5, 20), "200 wakings a second");
}

Test(coalesce, stays_while_there_is_something_to_gather)
{
    struct run run = begin();
    (void)turn(&run, 300, 1, 1);
    cr_expect(turn(&run, 300, 10, 2), "200 completions a second");
    cr_expect_not(turn(&run, 300, 20, 1), "50 completions a second");
}

Test(coalesce, ends_at_once_with_a_message_and_comes_back_after_a_calm_second)
{
    struct run run = begin();
    cr_expect(turn(&run, 300, 1, 1));
    coalesce_on_message(&run.coalesce, run.now);
    cr_expect_not(turn(&run, 999, 1, 1));
    cr_expect(turn(&run, 1, 1, 1));
}
