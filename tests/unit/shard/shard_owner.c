/* Whose a shard is: no other thread enters it. */
#include "io/os/thread.h"
#include "server/shard/shard.h"

#include <criterion/criterion.h>
#include <signal.h>

static struct shard shard;

static void claim(void *context)
{
    (void)context;
    thread_owner_claim(&shard.owner);
}

/* The shard is another thread's from now on. */
static void setup_owner(void)
{
    struct thread thread;
    cr_assert_eq(thread_start(&thread, "owner", THREAD_CPU_ANY, claim, NULL, NULL), PCE_OK);
    thread_join(&thread);
}

TestSuite(shard_owner, .init = setup_owner);

Test(shard_owner, another_thread_takes_no_hold, .signal = SIGABRT)
{
    shard_hold(&shard);
}

Test(shard_owner, another_thread_does_not_turn, .signal = SIGABRT)
{
    (void)shard_turn(&shard);
}

Test(shard_owner, another_thread_does_not_close, .signal = SIGABRT)
{
    shard_close(&shard);
}
