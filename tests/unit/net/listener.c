/* Listeners and steering: every connection lands where listener_shard_of says. */
#include "tests/lib/io_support.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SHARDS_MAX 256

/* All shards in one thread: a small ring, pool and count for each. */
struct shard {
    struct ring *ring;
    struct conn_pool *pool;
    unsigned index;
    unsigned shard_count;
    unsigned accepted;
    unsigned misplaced;
};

static void count_accept(void *context, struct conn *conn)
{
    struct shard *shard = context;
    struct ip peer = conn_peer(conn);
    shard->accepted++;
    shard->misplaced += listener_shard_of(&peer, shard->shard_count) != shard->index;
    conn_reset(conn);
}

static void shard_open(struct shard *shard, struct listeners *listeners)
{
    struct failure failure;
    struct ring_options options = {.sq_entries = 16,
                                   .cq_entries = 64,
                                   .file_count = 256,
                                   .buffer_count = 4,
                                   .buffer_size = 256};
    cr_assert_eq(ring_create(&options, &shard->ring, &failure), PCE_OK, "%s", failure.text);
    struct conn_pool_options pool_options = {.ring = shard->ring, .shard = shard->index};
    cr_assert_eq(conn_pool_create(&pool_options, &shard->pool), PCE_OK);
    cr_assert_eq(listeners_start(listeners, shard->index, shard->pool, count_accept, shard),
                 PCE_OK);
}

static void shard_close(struct shard *shard, struct listeners *listeners)
{
    listeners_stop(listeners, shard->index);
    cr_assert_eq(ring_settle(shard->ring, mono_add_s(clock_now(), 10)), PCE_OK);
    conn_pool_destroy(shard->pool);
    ring_destroy(shard->ring);
}

static unsigned total(const struct shard *shards, unsigned count)
{
    unsigned accepted = 0;
    for (unsigned i = 0; i < count; i++)
        accepted += shards[i].accepted;
    return accepted;
}

static void turn_all(struct shard *shards, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        cr_assert_neq(ring_turn(shards[i].ring, (struct mono){0}), PCE_IO);
}

/* `peers` connections to address number 0, each from the source that the format makes of its
 * number. */
static void steer(const char *address, unsigned shard_count, unsigned peers,
                  void (*source)(unsigned number, char text[64]))
{
    struct listener_options options = {.address_count = 1, .shard_count = shard_count};
    cr_assert(ip_parse(address, &options.addresses[0]));
    struct listeners *listeners;
    struct failure failure;
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_OK, "%s", failure.text);
    struct shard *shards = calloc(SHARDS_MAX, sizeof *shards);
    for (unsigned i = 0; i < shard_count; i++) {
        shards[i].index = i;
        shards[i].shard_count = shard_count;
        shard_open(&shards[i], listeners);
    }
    for (unsigned i = 0; i < peers; i++) {
        char text[64];
        source(i, text);
        struct client peer;
        struct client_options to = {
            .to = options.addresses[0],
            .to_port = listeners_port(listeners, 0),
            .deadline = mono_add_s(clock_now(), 10),
        };
        cr_assert(ip_parse(text, &to.from));
        cr_assert_eq(client_connect(&peer, &to, &failure), PCE_OK, "%s", failure.text);
        while (total(shards, shard_count) == i)
            turn_all(shards, shard_count);
        client_close(&peer);
    }
    unsigned busy = 0;
    for (unsigned i = 0; i < shard_count; i++) {
        cr_assert_eq(shards[i].misplaced, 0);
        busy += shards[i].accepted > 0;
    }
    cr_assert_eq(total(shards, shard_count), peers);
    cr_assert(busy >= (shard_count + 1) / 2, "%u of %u shards are used", busy, shard_count);
    for (unsigned i = 0; i < shard_count; i++)
        shard_close(&shards[i], listeners);
    listeners_close(listeners);
    free(shards);
}

static void v4_source(unsigned number, char text[64])
{
    (void)snprintf(text, 64, "127.%u.%u.%u", 1 + number % 7, number / 3, 1 + (number * 37) % 250);
}

Test(listener, v4_connections_land_on_the_shard_of_their_source)
{
    static const unsigned counts[] = {1, 2, 3, 8, 64};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        steer("127.0.0.1", counts[i], 240, v4_source);
}

/* Every address of fd00:5eed::/64 is local in a network namespace of our own. */
static bool enter_namespace(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 && unshare(CLONE_NEWNET) != 0)
        return false;
    // NOLINTNEXTLINE(cert-env33-c): a fixed command, in a namespace of our own
    return system("ip link set lo up 2>/dev/null && "
                  "ip -6 route add local fd00:5eed::/64 dev lo 2>/dev/null && "
                  "echo 1 2>/dev/null >/proc/sys/net/ipv6/ip_nonlocal_bind") == 0;
}

static void v6_source(unsigned number, char text[64])
{
    (void)snprintf(text, 64, "fd00:5eed::%x:%x:%x", number % 5, number * 77, number);
}

Test(listener, v6_connections_land_on_the_shard_of_their_source)
{
    if (!enter_namespace()) {
        printf("SKIP: no network namespace for many IPv6 sources\n");
        cr_skip_test();
    }
    static const unsigned counts[] = {1, 2, 3, 8, 64};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        steer("fd00:5eed::1", counts[i], 240, v6_source);
}

Test(listener, strides_of_sources_spread_over_the_shards)
{
    unsigned counts[8] = {0};
    for (unsigned i = 0; i < 8000; i++) {
        struct ip source = ip_from_u32((UINT32_C(10) << 24) + 256 * i + 1);
        counts[listener_shard_of(&source, 8)]++;
    }
    for (unsigned i = 0; i < 8; i++)
        cr_assert(counts[i] > 850 && counts[i] < 1150, "shard %u has %u of 8000", i, counts[i]);
}

/* A million peers on loopback, one after the other, must fit into 64 rings of 19,500 files each. */
Test(listener, a_million_sources_in_a_row_spread_evenly)
{
    unsigned counts[64] = {0};
    for (unsigned i = 0; i < 1000000; i++) {
        struct ip source = ip_from_u32(UINT32_C(0x7f010001) + i);
        counts[listener_shard_of(&source, 64)]++;
    }
    for (unsigned i = 0; i < 64; i++)
        cr_assert(counts[i] > 15625 * 97 / 100 && counts[i] < 15625 * 103 / 100,
                  "shard %u has %u of a million", i, counts[i]);
}

Test(listener, several_addresses_of_both_families_at_once)
{
    struct rig rig = {.echoes = true, .finishes = true};
    rig.listener_options.address_count = 3;
    cr_assert(ip_parse("127.0.0.1", &rig.listener_options.addresses[0]));
    cr_assert(ip_parse("127.0.0.2", &rig.listener_options.addresses[1]));
    cr_assert(ip_parse("::1", &rig.listener_options.addresses[2]));
    rig_open(&rig);
    for (unsigned i = 0; i < 3; i++) {
        struct client peer;
        struct failure failure;
        struct client_options to = {
            .to = rig.listener_options.addresses[i],
            .to_port = listeners_port(rig.listeners, i),
            .deadline = mono_add_s(clock_now(), 10),
        };
        cr_assert_eq(client_connect(&peer, &to, &failure), PCE_OK, "%s", failure.text);
        UNTIL(&rig, rig.side_count == i + 1);
        struct ip local = conn_local(rig.sides[i].conn);
        cr_assert(ip_is_equal(&local, &to.to));
        cr_assert_eq(rig.sides[i].peer.family, to.to.family);
        cr_assert_eq(conn_local_port(rig.sides[i].conn), to.to_port);
        client_close(&peer);
    }
    rig_close(&rig);
}

/* The pool or the file table is full: peers wait in the backlog, the ring does not spin, and each
 * release lets the next one in. */
static void fill_and_drain(struct rig *rig, unsigned room, unsigned count)
{
    rig->finishes = true;
    rig_open(rig);
    struct client *peers = calloc(count, sizeof *peers);
    for (unsigned i = 0; i < room; i++)
        peers[i] = peer_connect(rig);
    UNTIL(rig, rig->side_count == room);
    for (int i = 0; i < 5; i++)
        rig_turn(rig);
    for (unsigned i = room; i < count; i++)
        peers[i] = peer_connect(rig);
    uint64_t before = counter_get(&ring_counters_of(rig->ring)->submissions);
    for (int i = 0; i < 30; i++)
        rig_turn(rig);
    cr_assert(counter_get(&ring_counters_of(rig->ring)->submissions) - before < 10, "it spins");
    cr_assert_eq(rig->side_count, room);
    for (unsigned i = 0; i < count; i++) {
        UNTIL(rig, rig->side_count > i);
        client_close(&peers[i]);
        UNTIL(rig, rig->released > i);
    }
    free(peers);
    rig_close(rig);
    cr_assert_eq(rig->refused, 0, "nobody was turned away");
}

Test(listener, a_full_pool_holds_peers_in_the_backlog)
{
    struct rig rig = {.pool_options = {.count_max = 5}};
    fill_and_drain(&rig, 5, 12);
}

Test(listener, a_full_file_table_holds_peers_in_the_backlog)
{
    struct rig rig = {.ring_options = {.file_count = 6}};
    fill_and_drain(&rig, 6, 12);
}

Test(listener, a_file_table_smaller_than_the_pool_holds_peers_too)
{
    struct rig rig = {.ring_options = {.file_count = 4}, .pool_options = {.count_max = 100}};
    fill_and_drain(&rig, 4, 12);
}

Test(listener, a_burst_larger_than_the_pool_waits_in_the_backlog)
{
    struct rig rig = {.finishes = true, .pool_options = {.count_max = 3}};
    rig_open(&rig);
    struct client peers[10];
    for (unsigned i = 0; i < 10; i++)
        peers[i] = peer_connect(&rig);
    for (unsigned i = 0; i < 10; i++) {
        UNTIL(&rig, rig.side_count > i);
        cr_assert(conn_pool_count(rig.pool) <= 3);
        client_close(&peers[i]);
        UNTIL(&rig, rig.released > i);
    }
    rig_close(&rig);
    cr_assert_eq(rig.refused, 0);
}

/* Peers that come while the other thread is in its wait. */
#define CALLERS 20

struct callers {
    struct rig *rig;
    struct client peers[CALLERS];
};

static void *call_one_by_one(void *context)
{
    struct callers *callers = context;
    const struct timespec apart = {.tv_nsec = 2000000};
    for (unsigned i = 0; i < CALLERS; i++) {
        (void)nanosleep(&apart, NULL);
        callers->peers[i] = peer_connect(callers->rig);
    }
    return NULL;
}

static long wakings(void)
{
    struct rusage used;
    cr_assert_eq(getrusage(RUSAGE_THREAD, &used), 0);
    return used.ru_nvcsw;
}

Test(listener, connections_that_come_do_not_wake_a_patient_ring)
{
    struct rig rig = {0};
    rig_open(&rig);
    ring_set_coalesce(rig.ring, 200000);
    struct client first = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1); /* from now on it looks for others */
    static struct callers callers;
    callers.rig = &rig;
    pthread_t thread;
    long before = wakings();
    cr_assert_eq(pthread_create(&thread, NULL, call_one_by_one, &callers), 0);
    UNTIL(&rig, rig.side_count == 1 + CALLERS);
    cr_expect_lt(wakings() - before, CALLERS / 2);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    ring_set_coalesce(rig.ring, 0);
    struct client last = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 2 + CALLERS);
    client_close(&first);
    client_close(&last);
    for (unsigned i = 0; i < CALLERS; i++)
        client_close(&callers.peers[i]);
    rig_close(&rig);
}

/* The limit of the process, not ours: nothing but time or a release helps. */
Test(listener, a_lack_of_descriptors_backs_off_and_recovers)
{
    struct rig rig = {.finishes = true, .ring_options = {.plain_descriptors = true}};
    rig_open(&rig);
    struct client peers[6];
    for (unsigned i = 0; i < 6; i++)
        peers[i] = peer_connect(&rig);
    struct rlimit before;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit low = {(rlim_t)peers[5].descriptor + 3, before.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
    const struct counter *full = &ring_counters_of(rig.ring)->files_full;
    UNTIL(&rig, counter_get(full) > 0);
    UNTIL(&rig, rig.side_count == 2);
    for (int i = 0; i < 20; i++)
        rig_turn(&rig);
    cr_assert(counter_get(full) <= 3, "it spins");
    client_close(&peers[0]);
    UNTIL(&rig, rig.side_count == 4); /* the peer's descriptor and ours are free */
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    UNTIL(&rig, rig.side_count == 6);
    for (unsigned i = 1; i < 6; i++)
        client_close(&peers[i]);
    UNTIL(&rig, rig.released == 6);
    rig_close(&rig);
}

Test(listener, says_what_is_wrong_with_an_address)
{
    struct listener_options options = {.address_count = 1, .shard_count = 2};
    struct listeners *listeners;
    struct failure failure;
    cr_assert(ip_parse("127.0.0.1", &options.addresses[0]));
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_OK);
    struct listeners *second;
    options.port = listeners_port(listeners, 0);
    cr_assert_eq(listeners_open(&options, &second, &failure), PCE_EXISTS);
    cr_assert(strstr(failure.text, "127.0.0.1") != NULL);
    listeners_close(listeners);
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_OK, "free again");
    listeners_close(listeners);
    cr_assert(ip_parse("192.0.2.1", &options.addresses[0]));
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_NOT_FOUND);
    options.shard_count = LISTENER_SHARDS_MAX + 1;
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_INVALID);
    options.shard_count = 1;
    options.addresses[0].family = IP_NONE;
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_INVALID);
}

Test(listener, opens_256_shards)
{
    struct listener_options options = {.address_count = 1, .shard_count = LISTENER_SHARDS_MAX};
    struct listeners *listeners;
    struct failure failure;
    cr_assert(ip_parse("::1", &options.addresses[0]));
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_OK, "%s", failure.text);
    listeners_close(listeners);
}
