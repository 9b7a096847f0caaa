#include "core/base/map.h"

#include "core/base/list.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct item {
    struct map_node node;
    uint32_t key;
    bool is_in; /* the naive model */
    unsigned visits;
};

static struct map map;

static void teardown(void)
{
    map_fini(&map);
}

TestSuite(map, .fini = teardown);

static bool item_has_key(const struct map_node *node, const void *key)
{
    const struct item *item = (const struct item *)(const void *)node;
    return memcmp(&item->key, key, sizeof item->key) == 0;
}

static uint64_t hash_of(const struct item *item)
{
    return map_hash(&item->key, sizeof item->key);
}

static enum pce_status insert(struct item *item)
{
    return map_insert(&map, &item->node, hash_of(item), &item->key);
}

static struct item *make_items(size_t count)
{
    struct item *items = calloc(count, sizeof *items);
    cr_assert_not_null(items);
    for (size_t i = 0; i < count; i++)
        items[i].key = (uint32_t)i;
    return items;
}

static void count_visit(struct map_node *node, void *context)
{
    ((struct item *)(void *)node)->visits++;
    (*(size_t *)context)++;
}

Test(map, a_cleared_map_is_empty_and_takes_nodes_again)
{
    struct item *items = make_items(1000);
    map_init(&map, item_has_key, SIZE_MAX);
    map_clear(&map);
    for (unsigned round = 0; round < 3; round++) {
        /* Some rounds end while there are two arrays. */
        const size_t count = round == 1 ? 1000 : 130;
        for (size_t i = 0; i < count; i++)
            cr_assert_eq(insert(&items[i]), PCE_OK);
        map_clear(&map);
        cr_assert_eq(map.count, 0);
        for (size_t i = 0; i < count; i++)
            cr_assert_null(map_find(&map, hash_of(&items[i]), &items[i].key));
    }
    free(items);
}

Test(map, hash_changes_with_key_and_seed)
{
    uint64_t one = map_hash("abc", 3);
    cr_assert_eq(map_hash("abc", 3), one);
    cr_assert_neq(map_hash("abd", 3), one);
    cr_assert_neq(map_hash("ab", 2), one);
    map_set_seed(7);
    cr_assert_neq(map_hash("abc", 3), one);
}

Test(map, empty_map_finds_and_removes_nothing)
{
    map_init(&map, item_has_key, 10);
    const uint32_t key = 1;
    cr_assert_null(map_find(&map, 1, &key));
    cr_assert_null(map_remove(&map, 1, &key));
    size_t visited = 0;
    map_for_each(&map, count_visit, &visited);
    cr_assert_eq(visited, 0);
}

Test(map, second_insertion_of_a_key_exists)
{
    struct item a = {.key = 5};
    struct item b = {.key = 5};
    map_init(&map, item_has_key, 10);
    cr_assert_eq(insert(&a), PCE_OK);
    cr_assert_eq(insert(&b), PCE_EXISTS);
    cr_assert_eq(map_find(&map, hash_of(&b), &b.key), &a.node);
    cr_assert_eq(map.count, 1);
}

Test(map, equal_hashes_are_told_apart_by_key)
{
    struct item *items = make_items(100);
    map_init(&map, item_has_key, 100);
    for (size_t i = 0; i < 100; i++)
        cr_assert_eq(map_insert(&map, &items[i].node, 42, &items[i].key), PCE_OK);
    for (size_t i = 0; i < 100; i += 2)
        cr_assert_eq(map_remove(&map, 42, &items[i].key), &items[i].node);
    for (size_t i = 0; i < 100; i++)
        cr_assert_eq(map_find(&map, 42, &items[i].key), i % 2 == 0 ? NULL : &items[i].node);
    free(items);
}

Test(map, count_max_is_reached_and_not_passed)
{
    struct item *items = make_items(101);
    map_init(&map, item_has_key, 100);
    for (size_t i = 0; i < 100; i++)
        cr_assert_eq(insert(&items[i]), PCE_OK);
    cr_assert_eq(insert(&items[100]), PCE_LIMIT);
    cr_assert_null(map_find(&map, hash_of(&items[100]), &items[100].key));
    /* What is there already is said before the limit is. */
    cr_assert_eq(insert(&items[0]), PCE_EXISTS);
    cr_assert_eq(map_remove(&map, hash_of(&items[7]), &items[7].key), &items[7].node);
    cr_assert_eq(insert(&items[100]), PCE_OK);
    cr_assert_eq(map.count, 100);
    free(items);
}

Test(map, resize_is_spread_over_operations)
{
    enum { COUNT = 50000 };
    struct item *items = make_items(COUNT);
    unsigned resizes = 0;
    size_t worst = 0;
    map_init(&map, item_has_key, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        size_t bucket_count = map.bucket_count;
        size_t moved = map.old_bucket_index;
        bool was_moving = map.old_buckets != NULL;
        cr_assert_eq(insert(&items[i]), PCE_OK);
        resizes += map.bucket_count != bucket_count;
        if (was_moving && map.old_buckets != NULL && map.old_bucket_index - moved > worst)
            worst = map.old_bucket_index - moved;
        /* Nothing is lost in the middle of a move. */
        if (map.old_buckets != NULL)
            cr_assert_not_null(map_find(&map, hash_of(&items[i / 2]), &items[i / 2].key));
    }
    cr_assert_geq(resizes, 10);
    cr_assert_gt(worst, 0);
    cr_assert_leq(worst, 8, "%zu buckets in one operation", worst);
    for (size_t i = 0; i < COUNT; i++)
        cr_assert_eq(map_find(&map, hash_of(&items[i]), &items[i].key), &items[i].node);
    cr_assert_null(map.old_buckets);
    free(items);
}

/* Every item once if the model has it, and never otherwise. */
static void check_all(struct item *items, size_t count)
{
    size_t expected = 0;
    size_t visited = 0;
    for (size_t i = 0; i < count; i++) {
        items[i].visits = 0;
        expected += items[i].is_in;
    }
    map_for_each(&map, count_visit, &visited);
    cr_assert_eq(visited, expected);
    cr_assert_eq(map.count, expected);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(items[i].visits, items[i].is_in ? 1 : 0);
}

static void check_operation(struct item *item, uint64_t kind, size_t *in_count)
{
    struct map_node *expected = item->is_in ? &item->node : NULL;
    if (kind < 2) {
        cr_assert_eq(map_find(&map, hash_of(item), &item->key), expected);
    } else if (kind < 6) {
        enum pce_status status = insert(item);
        if (item->is_in) {
            cr_assert_eq(status, PCE_EXISTS);
        } else if (*in_count == map.count_max) {
            cr_assert_eq(status, PCE_LIMIT);
        } else {
            cr_assert_eq(status, PCE_OK);
            item->is_in = true;
            (*in_count)++;
        }
    } else {
        cr_assert_eq(map_remove(&map, hash_of(item), &item->key), expected);
        *in_count -= item->is_in;
        item->is_in = false;
    }
}

Test(map, agrees_with_a_naive_model)
{
    enum { COUNT = 3000 };
    struct random random = test_random_init("map model", 1);
    struct item *items = make_items(COUNT);
    for (unsigned round = 0; round < 20; round++) {
        size_t in_count = 0;
        map_init(&map, item_has_key, 1 + test_random_below(&random, COUNT + 500));
        for (size_t i = 0; i < COUNT; i++)
            items[i].is_in = false;
        for (unsigned i = 0; i < 20000; i++) {
            struct item *item = &items[test_random_below(&random, COUNT)];
            /* Phases that fill, and phases that empty. */
            uint64_t kind = test_random_below(&random, i / 5000 % 2 == 0 ? 7 : 10);
            check_operation(item, kind, &in_count);
            if (i % 1000 == 0)
                check_all(items, COUNT);
        }
        check_all(items, COUNT);
        map_fini(&map);
    }
    free(items);
}
