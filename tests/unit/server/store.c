/* The store within a server: opened before the shards, closed after them, and not moved. */
#include "server/store/stored.h"
#include "tests/lib/server_rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char store_folder[64];

static void setup(void)
{
    config_set_defaults(&config);
    (void)snprintf(store_folder, sizeof store_folder, "/tmp/pced-server-store-XXXXXX");
    cr_assert_not_null(mkdtemp(store_folder));
    (void)snprintf(config.store.path, sizeof config.store.path, "%s", store_folder);
}

static const char *store_file(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", store_folder, name);
    return path;
}

static void teardown(void)
{
    static const char *const names[] = {"data.mdb", "lock.mdb", "pced.lock", "pced.yaml"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(store_file(names[i]));
    (void)rmdir(store_folder);
}

TestSuite(server_store, .init = setup, .fini = teardown, .timeout = 120);

static _Atomic unsigned answered;

static bool on_answer(void *context, uint64_t tag, const struct store_result *result)
{
    (void)context;
    cr_expect_eq(tag, 5);
    cr_expect_eq(result->status, PCE_OK);
    answered++;
    return true;
}

Test(server_store, what_waits_at_the_shutdown_is_kept_and_answered)
{
    static const uint8_t name[] = {'n'};
    const struct stored_change change = {
        .kind = RECORD_KIND_INTENT, .name = {name, 1}, .octets = {name, 1}};
    const struct stored_order order = {&change, 1};
    const struct store_reply done = {on_answer, NULL, 5};
    if (!start(1))
        return;
    cr_assert_eq(stored_commit(server.shared.stored, &order, &done, &failure), PCE_OK);
    server_stop(&server);
    cr_assert_eq(answered, 1);
    cr_assert_null(server.shared.stored);
}

Test(server_store, a_server_that_cannot_have_it_does_not_start)
{
    struct stored *holder;
    const struct config_store mine = config.store;
    cr_assert_eq(stored_open(&mine, &holder, &failure), PCE_OK);
    config.listen.addresses.count = 1;
    config.listen.addresses.items[0] = ip_from_v4((const uint8_t[4]){127, 0, 0, 1});
    config.listen.port = 0;
    config.server.shards = 1;
    cr_assert_eq(server_start(&server, &config, "", &failure), PCE_EXISTS);
    cr_assert_not_null(strstr(failure.text, "in use by another process"), "%s", failure.text);
    stored_close(holder);
}

Test(server_store, a_reload_that_would_move_it_is_refused_whole)
{
    FILE *file = fopen(store_file("pced.yaml"), "w");
    cr_assert_not_null(file);
    (void)fprintf(file, "store: {path: /elsewhere}\nsession: {keepalive: 10, dead-timer: 40}\n"
                        "log: {level: error}\n");
    cr_assert_eq(fclose(file), 0);
    if (!start(1))
        return;
    (void)snprintf(server.config_path, sizeof server.config_path, "%s", store_file("pced.yaml"));
    server_reload(&server);
    cr_expect_eq(atomic_load(&server.shared.reloads_refused), 1);
    cr_expect_eq(atomic_load(&server.shared.reload_refused), 1U << RELOAD_CONFIGURATION);
    cr_expect_str_eq(server.shared.config.store.path, store_folder);
    cr_expect_eq(server.shared.config.session.keepalive_s, 30);
    server_stop(&server);
}
