/* A store, or a disk, that has no room: orders are refused with the reason, what is there stays. */
#include "io/store/store.h"
#include "support.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Until one is refused; how many were kept. */
static unsigned fill(size_t size)
{
    char key[16];
    unsigned count = 0;
    do
        (void)snprintf(key, sizeof key, "k%06u", count++);
    while (put_sized(key, size) == PCE_OK);
    return count - 1;
}

static unsigned count_records(void)
{
    unsigned count = 0;
    for (const char *at = listing("k"); (at = strchr(at, '=')) != NULL; at++)
        count++;
    return count;
}

Test(store, a_full_store_refuses_and_says_so)
{
    options.size_max = STORE_SIZE_MIN;
    start_store();
    unsigned kept = fill(20000);
    cr_assert_gt(kept, 20);
    cr_assert_eq(last_result.status, PCE_LIMIT);
    store_explain(store, &last_result, &failure);
    cr_assert(strstr(failure.text, "is full: it may have 1048576 octets") != NULL, "%s",
              failure.text);
    cr_assert_eq(store_figures(store).failed, 1);
    cr_assert_leq(store_figures(store).size, STORE_SIZE_MIN);
    close_store();
    open_store();
    cr_assert_eq(count_records(), kept);
    close_store();
}

Test(store, a_full_store_can_be_emptied_and_filled_again)
{
    options.size_max = STORE_SIZE_MIN;
    start_store();
    for (unsigned round = 0; round < 3; round++) {
        unsigned kept = fill(3000);
        char key[16];
        cr_assert_gt(kept, 50, "round %u: %u", round, kept);
        for (unsigned i = 0; i < kept; i++) {
            (void)snprintf(key, sizeof key, "k%06u", i);
            enum pce_status status = erase(key);
            cr_assert_eq(status, PCE_OK, "round %u: %s: %d", round, key, last_result.code);
        }
    }
    cr_assert_leq(store_figures(store).size, STORE_SIZE_MIN + STORE_RESERVE);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "");
    close_store();
}

/* The large one has no room, alone or together; the others have. */
Test(store, one_that_has_no_room_does_not_refuse_its_group)
{
    static uint8_t octets[STORE_VALUE_SIZE_MAX];
    options.size_max = STORE_SIZE_MIN;
    open_store();
    struct store_batch *large = store_batch_create();
    const struct wire_span value = {octets, sizeof octets};
    cr_assert_eq(store_batch_put(large, span_of("large"), value), PCE_OK);
    cr_assert_eq(submit(batch_of("a", "1"), 1), PCE_OK);
    cr_assert_eq(submit(large, 2), PCE_OK);
    cr_assert_eq(submit(batch_of("b", "2"), 3), PCE_OK);
    cr_assert_eq(store_start(store, &failure), PCE_OK);
    while (last_tag != 3)
        (void)await_answer();
    cr_assert_eq(last_result.status, PCE_OK);
    cr_assert_eq(store_figures(store).failed, 1);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "a=1 b=2");
    close_store();
}

Test(store, a_store_that_outgrew_its_limit_is_not_opened_with_it)
{
    options.size_max = UINT64_C(16) << 20;
    start_store();
    for (unsigned i = 0; i < 10; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "k%u", i);
        cr_assert_eq(put_sized(key, STORE_VALUE_SIZE_MAX), PCE_OK);
    }
    close_store();
    options.size_max = STORE_SIZE_MIN;
    cr_assert_eq(try_open(), PCE_INVALID);
    cr_assert(strstr(failure.text, "more than the") != NULL, "%s", failure.text);
}

/* A limit of the size of files stands for a disk: writes fail in the same way, in the middle. */
Test(store, a_write_that_fails_refuses_its_order_and_no_other)
{
    struct rlimit before, limit;
    cr_assert_neq(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    start_store();
    cr_assert_eq(put("k1", "1"), PCE_OK);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){100000, before.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_neq(put_sized("large", 200000), PCE_OK);
    store_explain(store, &last_result, &failure);
    cr_assert(strstr(failure.text, folder) != NULL, "%s", failure.text);
    cr_assert_eq(put("k2", "2"), PCE_OK);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_eq(put("k3", "3"), PCE_OK);
    close_store();
    open_store();
    cr_assert_str_eq(listing(""), "k1=1 k2=2 k3=3");
    close_store();
}

/* A small file system in memory, in a mount namespace of this process. */
static bool mount_small(const char *path)
{
    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", path, "tmpfs", 0, "size=256k") == 0;
}

Test(store, a_full_disk_refuses_and_what_is_there_stays)
{
    if (!mount_small(folder)) {
        (void)fprintf(stderr, "SKIP: no small file system can be mounted here\n");
        cr_skip_test("no small file system can be mounted here");
    }
    start_store();
    unsigned kept = fill(10000);
    cr_assert_gt(kept, 5);
    store_explain(store, &last_result, &failure);
    cr_assert(strstr(failure.text, "is full") != NULL || strstr(failure.text, "No space") != NULL,
              "%s", failure.text);
    close_store();
    open_store();
    cr_assert_eq(count_records(), kept);
    close_store();
    (void)umount(folder);
}
