/* A value as JSON text, for which memory is refused, at each of its allocations in turn. */
#include "core/wire/json_text.h"
#include "tests/lib/refusal.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 100

static json_t *many_keys(void)
{
    json_t *json = json_object();
    for (int i = 0; i < KEYS; i++) {
        char key[64];
        (void)snprintf(key, sizeof key, "a key that is rather long, number %d", i);
        cr_assert_eq(json_object_set_new(json, key, json_integer(i)), 0);
    }
    return json;
}

Test(json_text, is_what_jansson_reads, .timeout = 10)
{
    json_t *json = many_keys();
    char *text = wire_json_text(json, JSON_COMPACT);
    json_t *read = json_loads(text, 0, NULL);
    cr_expect(json_equal(json, read));
    cr_expect_null(wire_json_text(NULL, JSON_COMPACT));
    free(text);
    json_decref(read);
    json_decref(json);
}

Test(json_text, is_whole_or_not_at_all, .timeout = 10)
{
    json_t *json = many_keys();
    char *whole = wire_json_text(json, JSON_COMPACT);
    unsigned refusals = 0;
    do {
        refusal.was = false;
        refusal.at = ++refusals;
        char *text = wire_json_text(json, JSON_COMPACT);
        refusal.at = 0;
        cr_expect(refusal.was ? text == NULL : strcmp(text, whole) == 0, "at %u", refusals);
        free(text);
    } while (refusal.was);
    cr_expect_gt(refusals, 3);
    free(whole);
    json_decref(json);
}
