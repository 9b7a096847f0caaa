/* Whom the store lets in, and what it says to the others. */
#include "io/store/store.h"
#include "support.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

Test(store, a_second_one_in_this_process_is_refused)
{
    struct store *second = NULL;
    open_store();
    cr_assert_eq(store_open(&options, &second, &failure), PCE_EXISTS);
    cr_assert_null(second);
    close_store();
    open_store();
    close_store();
}

/* The holder is another process, which is killed: the store is free at once. */
Test(store, a_second_process_is_refused_by_the_number_of_the_first)
{
    int ready[2];
    char octet;
    char number[16];
    cr_assert_eq(pipe(ready), 0);
    pid_t holder = fork();
    cr_assert_geq(holder, 0);
    if (holder == 0) {
        struct store *its = NULL;
        octet = store_open(&options, &its, &failure) == PCE_OK ? 'y' : 'n';
        (void)!write(ready[1], &octet, 1);
        for (;;)
            (void)pause();
    }
    cr_assert_eq(read(ready[0], &octet, 1), 1);
    cr_assert_eq(octet, 'y');
    cr_assert_eq(try_open(), PCE_EXISTS);
    (void)snprintf(number, sizeof number, ": %d", (int)holder);
    cr_assert(strstr(failure.text, number) != NULL, "%s", failure.text);
    cr_assert_eq(store_probe(&options, &failure), PCE_EXISTS);
    cr_assert_eq(kill(holder, SIGKILL), 0);
    cr_assert_eq(waitpid(holder, NULL, 0), holder);
    open_store();
    close_store();
}

Test(store, a_folder_that_is_missing_is_named)
{
    options.path = "/tmp/pced-store-is-not-there";
    cr_assert_eq(try_open(), PCE_NOT_FOUND);
    cr_assert(strstr(failure.text, options.path) != NULL, "%s", failure.text);
    cr_assert_eq(store_probe(&options, &failure), PCE_NOT_FOUND);
}

Test(store, a_file_in_place_of_the_folder_is_refused)
{
    options.path = "/dev/null";
    cr_assert_eq(try_open(), PCE_INVALID);
}

Test(store, a_folder_that_may_not_be_written_is_refused)
{
    cr_assert_eq(chmod(folder, 0555), 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0); /* root may write everywhere */
    cr_assert_eq(try_open(), PCE_DENIED);
    cr_assert(strstr(failure.text, folder) != NULL, "%s", failure.text);
    cr_assert_eq(store_probe(&options, &failure), PCE_DENIED);
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
    cr_assert_eq(chmod(folder, 0755), 0);
}

Test(store, a_path_has_a_greatest_length)
{
    char path[STORE_PATH_SIZE + 1];
    memset(path, '/', sizeof path);
    memcpy(path + STORE_PATH_SIZE - 8, "nowhere", 8);
    options.path = path;
    cr_assert_eq(try_open(), PCE_NOT_FOUND, "%s", failure.text);
    memcpy(path + STORE_PATH_SIZE - 8, "nowhere!", 9);
    cr_assert_eq(try_open(), PCE_INVALID);
    options.path = "";
    cr_assert_eq(try_open(), PCE_INVALID);
}

Test(store, a_size_has_a_least_value)
{
    options.size_max = STORE_SIZE_MIN - 1;
    cr_assert_eq(try_open(), PCE_INVALID);
    options.size_max = STORE_SIZE_MIN;
    open_store();
    close_store();
}

Test(store, a_probe_makes_nothing)
{
    cr_assert_eq(store_probe(&options, &failure), PCE_OK, "%s", failure.text);
    cr_assert_neq(access(file_path("pced.lock"), F_OK), 0);
    cr_assert_neq(access(file_path("data.mdb"), F_OK), 0);
}

/* A start that was killed before the store was whole. */
Test(store, half_a_new_store_is_made_anew)
{
    write_file("new.mdb", (const uint8_t *)"half", 4);
    open_store();
    cr_assert_neq(access(file_path("new.mdb"), F_OK), 0);
    close_store();
}
