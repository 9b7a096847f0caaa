/* A file that is damaged is refused with the reason, and is as it was afterwards; it never brings
 * the process down, wherever the damage is. */
#include "io/store/store.h"
#include "support.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>

static uint8_t *good; /* goes with the process of the test */
static size_t good_size;

/* Values of all sizes, keys of several levels, and pages that are free. */
static void make_good(void)
{
    char key[64];
    options.size_max = UINT64_C(64) << 20;
    start_store();
    for (unsigned i = 0; i < 400; i++) {
        (void)snprintf(key, sizeof key, "record-with-a-rather-long-name/%05u", i);
        cr_assert_eq(put_sized(key, i % 100 == 0 ? 9000 : 100 + i), PCE_OK);
    }
    for (unsigned i = 0; i < 400; i += 3) {
        (void)snprintf(key, sizeof key, "record-with-a-rather-long-name/%05u", i);
        cr_assert_eq(erase(key), PCE_OK);
    }
    close_store();
    good = read_file("data.mdb", &good_size);
}

static enum pce_status count_one(void *context, struct wire_span key, struct wire_span value)
{
    static uint8_t expected[9000];
    unsigned *count = context;
    if (key.size == 0 || value.size < 100)
        return PCE_INVALID;
    if (expected[1] == 0) {
        for (size_t i = 0; i < sizeof expected; i++)
            expected[i] = (uint8_t)(i * 7);
    }
    if (value.size > sizeof expected || memcmp(value.octets, expected, value.size) != 0)
        return PCE_INVALID;
    (*count)++;
    return PCE_OK;
}

/* Refused with the file's name, or all records are as they were. */
static bool is_refused(void)
{
    unsigned count = 0;
    if (try_open() != PCE_OK) {
        cr_assert(strstr(failure.text, "data.mdb") != NULL, "%s", failure.text);
        return true;
    }
    cr_assert_eq(store_walk(store, "", count_one, &count, &failure), PCE_OK);
    cr_assert_eq(count, 266);
    close_store();
    return false;
}

static void expect_refused(const uint8_t *octets, size_t size, const char *why)
{
    size_t size_after;
    write_file("data.mdb", octets, size);
    cr_assert(is_refused(), "%s was not refused", why);
    cr_assert(strstr(failure.text, why) != NULL, "%s: %s", why, failure.text);
    uint8_t *after = read_file("data.mdb", &size_after);
    cr_assert(size_after == size && memcmp(after, octets, size) == 0, "%s: it was changed", why);
    free(after);
}

Test(store, the_sample_is_good)
{
    make_good();
    cr_assert_not(is_refused());
    cr_assert_gt(good_size, 100000);
}

Test(store, a_file_of_another_kind_is_refused)
{
    static const uint8_t zeros[65536];
    make_good();
    expect_refused(zeros, 0, "ends within a page");
    expect_refused(zeros, 100, "ends within a page");
    expect_refused(zeros, sizeof zeros, "not what it should be");
    good[16] ^= 1;
    expect_refused(good, good_size, "it is no file of LMDB");
    good[16] ^= 1;
    good[20] ^= 2;
    expect_refused(good, good_size, "version 3 of LMDB's format, not 1");
    good[20] ^= 2;
    good[4096 + 16] ^= 1;
    expect_refused(good, good_size, "it is no file of LMDB");
}

Test(store, a_file_that_was_cut_off_is_refused)
{
    make_good();
    expect_refused(good, 4096, "ends within a page");
    expect_refused(good, 8191, "ends within a page");
    expect_refused(good, 8192, "cut off");
    expect_refused(good, good_size / 2, "cut off");
}

Test(store, an_octet_of_a_record_is_noticed)
{
    make_good();
    /* Its last copy and those of before, in pages that are free. */
    uint8_t *at = good;
    while ((at = memmem(at, (size_t)(good + good_size - at), "name/00398", 10)) != NULL) {
        at[10 + 16 + 50] ^= 0x10;
        at++;
    }
    expect_refused(good, good_size, "name/00398: its checksum is wrong");
}

Test(store, a_record_that_is_not_of_pced_is_not_touched)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi records;
    uint8_t old[40] = {0};
    char name[] = "foreign";
    make_good();
    MDB_val key = {7, name}, value = {sizeof old, old};
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_mapsize(env, options.size_max), 0);
    cr_assert_eq(mdb_env_open(env, folder, 0, 0640), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, NULL, 0, &records), 0);
    cr_assert_eq(mdb_put(txn, records, &key, &value, 0), 0);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    cr_assert(is_refused());
    cr_assert(strstr(failure.text, "the record foreign: its checksum is wrong") != NULL, "%s",
              failure.text);
}

/* In place: what is refused, and what is only read, is not written to. */
static void write_octet(size_t at, uint8_t octet)
{
    FILE *file = fopen(file_path("data.mdb"), "r+b");
    cr_assert_not_null(file);
    cr_assert(fseek(file, (long)at, SEEK_SET) == 0 && fputc(octet, file) == octet);
    cr_assert_eq(fclose(file), 0);
}

/* Many octets of the pages' own structure, here and there an octet of the rest. */
Test(store, no_octet_anywhere_brings_the_process_down)
{
    struct random random = test_random_init("damage", 1);
    unsigned refused = 0, tried = 0;
    make_good();
    for (size_t at = 0; at < good_size;) {
        uint8_t flip = (uint8_t)(1 + test_random_below(&random, 255));
        write_octet(at, good[at] ^ flip);
        tried++;
        refused += is_refused();
        write_octet(at, good[at]);
        at += at % 4096 < 160 || at < 8192 ? 1 + test_random_below(&random, 13) : 331;
    }
    cr_assert_not(is_refused(), "it is as it was");
    cr_assert_gt(refused, tried / 10, "%u of %u", refused, tried);
}

/* Whole pages of zeros, of another place, and of noise. */
Test(store, no_page_anywhere_brings_the_process_down)
{
    struct random random = test_random_init("damage", 1);
    uint8_t kept[4096];
    make_good();
    for (size_t at = 0; at + 4096 <= good_size; at += 4096) {
        memcpy(kept, good + at, sizeof kept);
        for (unsigned kind = 0; kind < 3; kind++) {
            size_t other = test_random_below(&random, good_size / 4096) * 4096;
            memset(good + at, 0, 4096);
            if (kind == 1 && other != at)
                memcpy(good + at, good + other, 4096);
            for (size_t i = 0; kind == 2 && i < 4096; i++)
                good[at + i] = (uint8_t)random_u64(&random);
            write_file("data.mdb", good, good_size);
            (void)is_refused();
            memcpy(good + at, kept, sizeof kept);
        }
    }
}

/* An empty store has no page but its two beginnings. */
Test(store, an_empty_store_that_was_cut_off_is_refused)
{
    size_t size;
    open_store();
    close_store();
    uint8_t *empty = read_file("data.mdb", &size);
    cr_assert_eq(size, 8192);
    expect_refused(empty, 5000, "ends within a page");
    expect_refused(empty, 8191, "ends within a page");
    free(empty);
}
